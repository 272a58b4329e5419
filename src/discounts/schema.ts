import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { products } from "../catalog/schema.ts";
import { orders } from "../orders/schema.ts";

/** A code that takes something off an order. `code` is in upper case; `uses` is moved by triggers alone. */
export const discounts = sqliteTable(
  "discounts",
  {
    id: text("id").primaryKey(),
    code: text("code").notNull().unique(),
    kind: text("kind", { enum: ["percentage", "fixed"] }).notNull(),
    /** Whole percent, of the goods alone. */
    percent: integer("percent"),
    amount: integer("amount"),
    currency: text("currency"),
    active: integer("active").notNull().default(1),
    startsAt: integer("starts_at"),
    endsAt: integer("ends_at"),
    maxUses: integer("max_uses"),
    maxUsesPerCustomer: integer("max_uses_per_customer"),
    /** What the goods that it is for must come to; in minor units. */
    minimum: integer("minimum"),
    minimumCurrency: text("minimum_currency"),
    uses: integer("uses").notNull().default(0),
    version: integer("version").notNull().default(1),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check("discounts_code", sql`${t.code} = upper(${t.code}) AND length(${t.code}) > 0`),
    check(
      "discounts_kind",
      sql`CASE ${t.kind}
        WHEN 'percentage' THEN coalesce(${t.percent}, 0) BETWEEN 1 AND 100 AND ${t.amount} IS NULL AND ${t.currency} IS NULL
        WHEN 'fixed' THEN coalesce(${t.amount}, 0) > 0 AND length(coalesce(${t.currency}, '')) = 3 AND ${t.percent} IS NULL
        ELSE 0 END`,
    ),
    check("discounts_active", sql`${t.active} IN (0, 1)`),
    check(
      "discounts_window",
      sql`${t.startsAt} IS NULL OR ${t.endsAt} IS NULL OR ${t.startsAt} < ${t.endsAt}`,
    ),
    check(
      "discounts_limits",
      sql`coalesce(${t.maxUses}, 1) > 0 AND coalesce(${t.maxUsesPerCustomer}, 1) > 0`,
    ),
    check("discounts_uses_not_negative", sql`${t.uses} >= 0`),
    check("discounts_used_up", sql`${t.uses} <= coalesce(${t.maxUses}, ${t.uses})`),
    index("discounts_newest").on(t.createdAt, t.id),
  ],
);

/** What a code is for, where it is not for everything. */
export const discountProducts = sqliteTable(
  "discount_products",
  {
    discountId: text("discount_id")
      .notNull()
      .references(() => discounts.id),
    productId: text("product_id")
      .notNull()
      .references(() => products.id),
  },
  (t) => [primaryKey({ columns: [t.discountId, t.productId] })],
);

/** One use of a code by an order. Given back when the order ends unpaid; triggers keep the count and hold the limits. */
export const discountUses = sqliteTable(
  "discount_uses",
  {
    orderId: text("order_id")
      .primaryKey()
      .references(() => orders.id),
    discountId: text("discount_id")
      .notNull()
      .references(() => discounts.id),
    accountId: text("account_id"),
    email: text("email"),
    createdAt: integer("created_at").notNull(),
    givenBackAt: integer("given_back_at"),
  },
  (t) => [
    index("discount_uses_by_account")
      .on(t.discountId, t.accountId)
      .where(sql`"account_id" IS NOT NULL AND "given_back_at" IS NULL`),
    index("discount_uses_by_email")
      .on(t.discountId, t.email)
      .where(sql`"email" IS NOT NULL AND "given_back_at" IS NULL`),
    index("discount_uses_counted").on(t.discountId).where(sql`"given_back_at" IS NULL`),
  ],
);
