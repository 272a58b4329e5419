import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { variants } from "../catalog/schema.ts";
import { accounts } from "../identity/schema.ts";
import { statesOf } from "../platform/state.ts";
import { reservationTransitions } from "./reservation-state.ts";

/** The stock of one SKU. Only the ledger's trigger writes it; the CHECKs are what makes overselling impossible. */
export const stockLevels = sqliteTable(
  "stock_levels",
  {
    sku: text("sku")
      .primaryKey()
      .references(() => variants.sku),
    onHand: integer("on_hand").notNull().default(0),
    reserved: integer("reserved").notNull().default(0),
    lowStockThreshold: integer("low_stock_threshold").notNull().default(5),
    /** How often goods came onto the shelf, or the threshold was changed; the operators are told once in each that it runs low. */
    fillings: integer("fillings").notNull().default(0),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check("stock_on_hand_not_negative", sql`${t.onHand} >= 0`),
    check("stock_reserved_not_negative", sql`${t.reserved} >= 0`),
    check("stock_not_oversold", sql`${t.reserved} <= ${t.onHand}`),
    check("stock_threshold_not_negative", sql`${t.lowStockThreshold} >= 0`),
    // SQLite turns a comparison round so that its column stands first, and then looks for an index of just these words.
    index("stock_few").on(t.sku).where(sql`"low_stock_threshold" >= "on_hand" - "reserved"`),
  ],
);

/** The append-only ledger: every change of a level is a row, and the sums of its deltas are the levels. */
export const stockMovements = sqliteTable(
  "stock_movements",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    sku: text("sku")
      .notNull()
      .references(() => stockLevels.sku),
    kind: text("kind", {
      enum: ["receive", "adjust", "damage", "return", "reserve", "release", "sale"],
    }).notNull(),
    onHandDelta: integer("on_hand_delta").notNull(),
    reservedDelta: integer("reserved_delta").notNull(),
    reason: text("reason").notNull(),
    reservationId: text("reservation_id"),
    orderId: text("order_id"),
    actor: text("actor").notNull(),
    requestId: text("request_id"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    check(
      "stock_movement_shape",
      sql`CASE ${t.kind}
        WHEN 'receive' THEN ${t.onHandDelta} > 0 AND ${t.reservedDelta} = 0
        WHEN 'return' THEN ${t.onHandDelta} > 0 AND ${t.reservedDelta} = 0
        WHEN 'damage' THEN ${t.onHandDelta} < 0 AND ${t.reservedDelta} = 0
        WHEN 'adjust' THEN ${t.onHandDelta} <> 0 AND ${t.reservedDelta} = 0
        WHEN 'reserve' THEN ${t.onHandDelta} = 0 AND ${t.reservedDelta} > 0
        WHEN 'release' THEN ${t.onHandDelta} = 0 AND ${t.reservedDelta} < 0
        WHEN 'sale' THEN ${t.onHandDelta} < 0 AND ${t.reservedDelta} IN (0, ${t.onHandDelta})
        ELSE 0 END`,
    ),
    index("movements_of_sku").on(t.sku) /* and by seq, the row's own number */,
    index("movements_of_order").on(t.orderId, t.sku).where(sql`"order_id" IS NOT NULL`),
    index("movements_of_reservation").on(t.reservationId).where(sql`"reservation_id" IS NOT NULL`),
  ],
);

/**
 * What the ledger comes to up to `throughSeq`, for each SKU: rows that the purge has taken out are in these sums, so that
 * they and the rows after `throughSeq` are the level, always. The audit moves it on, and counts the ledger anew beside it.
 */
export const stockCheckpoints = sqliteTable("stock_checkpoints", {
  sku: text("sku")
    .primaryKey()
    .references(() => stockLevels.sku),
  throughSeq: integer("through_seq").notNull().default(0),
  onHand: integer("on_hand").notNull().default(0),
  reserved: integer("reserved").notNull().default(0),
  /** How many rows of the ledger are gone. */
  purged: integer("purged").notNull().default(0),
  /** The round of the audit that counts anew, how far it is, and what it has counted. */
  recount: integer("recount").notNull().default(0),
  recountSeq: integer("recount_seq").notNull().default(0),
  recountOnHand: integer("recount_on_hand").notNull().default(0),
});

/**
 * A hold on stock. It leaves `held` exactly once, and the trigger that sees it leave writes the ledger. A guest's `id` is
 * a right: who knows it is the holder. `ref` is what everybody else calls the hold by, and opens nothing.
 */
export const reservations = sqliteTable(
  "reservations",
  {
    id: text("id").primaryKey(),
    ref: text("ref").notNull().unique(),
    status: text("status", { enum: statesOf(reservationTransitions) }).notNull(),
    orderId: text("order_id"),
    accountId: text("account_id").references(() => accounts.id),
    /** Whose holds are counted together, and how many they might have when this one was made. */
    caller: text("caller").notNull(),
    callerLimit: integer("caller_limit").notNull(),
    actor: text("actor").notNull(),
    requestId: text("request_id"),
    createdAt: integer("created_at").notNull(),
    /** When its holder last asked for other items; null for one that is as it was made. */
    changedAt: integer("changed_at"),
    expiresAt: integer("expires_at").notNull(),
    endedAt: integer("ended_at"),
  },
  (t) => [
    check("reservations_status", sql`${t.status} IN ('held', 'committed', 'released', 'expired')`),
    check("reservations_ended", sql`(${t.status} = 'held') = (${t.endedAt} IS NULL)`),
    uniqueIndex("reservations_order").on(t.orderId).where(sql`"order_id" IS NOT NULL`),
    index("reservations_of_caller").on(t.caller, t.status, t.id),
    index("reservations_by_status").on(t.status, t.id),
    index("reservations_of_account")
      .on(t.accountId)
      .where(sql`"account_id" IS NOT NULL AND "status" = 'held'`),
    index("reservations_over")
      .on(t.endedAt)
      .where(sql`"ended_at" IS NOT NULL AND "order_id" IS NULL`),
    index("reservations_due").on(t.expiresAt).where(sql`"status" = 'held'`),
  ],
);

export const reservationLines = sqliteTable(
  "reservation_lines",
  {
    reservationId: text("reservation_id")
      .notNull()
      .references(() => reservations.id),
    sku: text("sku")
      .notNull()
      .references(() => stockLevels.sku),
    quantity: integer("quantity").notNull(),
    /** What it was and cost when it was held, which its order is made of; null for holds from before this was kept. */
    title: text("title"),
    variantTitle: text("variant_title"),
    unitAmount: integer("unit_amount"),
    currency: text("currency"),
    requiresShipping: integer("requires_shipping"),
    /** How many one customer might have then: its order is not judged by a lower limit since. 0 for any number. */
    maxPerCustomer: integer("max_per_customer"),
  },
  (t) => [
    primaryKey({ columns: [t.reservationId, t.sku] }),
    check("reservation_lines_quantity", sql`${t.quantity} > 0`),
    index("reservation_lines_of_sku").on(t.sku, t.reservationId),
  ],
);
