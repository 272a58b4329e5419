import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import { statesOf } from "../../platform/state.ts";
import { refundSources, refundTransitions } from "../order-state.ts";
import { orderLines, orders, payments } from "../schema.ts";
import { RESTOCKS } from "./refund-line.ts";

/** Money that goes back, or went. */
export const refunds = sqliteTable(
  "refunds",
  {
    id: text("id").primaryKey(),
    orderId: text("order_id")
      .notNull()
      .references(() => orders.id),
    /** Null for a refund of nothing, which takes units back alone. */
    paymentId: text("payment_id").references(() => payments.id),
    status: text("status", { enum: statesOf(refundTransitions) }).notNull(),
    amount: integer("amount").notNull(),
    currency: text("currency").notNull(),
    reason: text("reason").notNull(),
    providerRefundId: text("provider_refund_id").unique(),
    /** When the nightly control found it on the provider's books. */
    controlledAt: integer("controlled_at"),
    /** The moment by which the day is found on which the reports count it; null for one that they do not count. A trigger says so. */
    countedAt: integer("counted_at"),
    source: text("source", { enum: refundSources }).notNull(),
    actor: text("actor").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check("refunds_status", sql`${t.status} IN ('pending', 'succeeded', 'failed')`),
    check(
      "refunds_amount",
      sql`iif(${t.paymentId} IS NULL, ${t.amount} = 0 AND ${t.status} = 'succeeded', ${t.amount} > 0)`,
    ),
    index("refunds_of_order").on(t.orderId, t.createdAt),
    index("refunds_of_payment").on(t.paymentId),
    index("refunds_to_control")
      .on(t.updatedAt)
      .where(sql`"provider_refund_id" IS NOT NULL AND "controlled_at" IS NULL`),
    index("refunds_counted").on(t.countedAt).where(sql`"counted_at" IS NOT NULL`),
    index("refunds_pending").on(t.createdAt).where(sql`"status" = 'pending'`),
  ],
);

/** The units that a refund is for. `unsent` of them are not owed any more; what is restocked a trigger puts on hand again. */
export const refundLines = sqliteTable(
  "refund_lines",
  {
    refundId: text("refund_id")
      .notNull()
      .references(() => refunds.id),
    orderId: text("order_id").notNull(),
    sku: text("sku").notNull(),
    quantity: integer("quantity").notNull(),
    restock: text("restock", { enum: RESTOCKS }).notNull(),
    unsent: integer("unsent").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.refundId, t.sku] }),
    foreignKey({
      columns: [t.orderId, t.sku],
      foreignColumns: [orderLines.orderId, orderLines.sku],
    }),
    check("refund_lines_quantity", sql`${t.quantity} > 0`),
    check(
      "refund_lines_restock",
      sql`CASE ${t.restock}
        WHEN 'cancel' THEN ${t.unsent} = ${t.quantity}
        WHEN 'return' THEN ${t.unsent} = 0
        WHEN 'none' THEN ${t.unsent} BETWEEN 0 AND ${t.quantity}
        ELSE 0 END`,
    ),
    index("refund_lines_of_order").on(t.orderId, t.sku),
  ],
);
