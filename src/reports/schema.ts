import { sql } from "drizzle-orm";
import { check, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * How far the shop's clocks are from UTC, and from when on, in milliseconds: what makes a day of a moment. Written ahead,
 * because the database knows no time zones; of what is past nothing changes, so a day that was counted stays that day.
 */
export const zoneOffsets = sqliteTable("zone_offsets", {
  since: integer("since").primaryKey(),
  offsetMs: integer("offset_ms").notNull(),
});

/**
 * What was sold on a day of the shop, and what went back on it, in minor units. Triggers count, in the batch in which an
 * order becomes paid or a refund succeeds.
 */
export const salesDays = sqliteTable(
  "sales_days",
  {
    /** As `2026-11-26`. */
    day: text("day").notNull(),
    currency: text("currency").notNull(),
    orders: integer("orders").notNull().default(0),
    units: integer("units").notNull().default(0),
    subtotal: integer("subtotal").notNull().default(0),
    discount: integer("discount").notNull().default(0),
    shipping: integer("shipping").notNull().default(0),
    tax: integer("tax").notNull().default(0),
    total: integer("total").notNull().default(0),
    refunds: integer("refunds").notNull().default(0),
    refunded: integer("refunded").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.currency] }),
    check(
      "sales_days_counts",
      sql`min(${t.orders}, ${t.units}, ${t.subtotal}, ${t.discount}, ${t.shipping}, ${t.tax}, ${t.total}, ${t.refunds}, ${t.refunded}) >= 0`,
    ),
  ],
);

/** The same by SKU: units, and what they cost before discount, delivery and tax. */
export const productDays = sqliteTable(
  "product_days",
  {
    day: text("day").notNull(),
    sku: text("sku").notNull(),
    currency: text("currency").notNull(),
    units: integer("units").notNull(),
    revenue: integer("revenue").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.sku, t.currency] }),
    check("product_days_counts", sql`min(${t.units}, ${t.revenue}) >= 0`),
  ],
);

/** What lay on the shelf, as it was last counted on that day, at the prices of that moment. */
export const stockDays = sqliteTable(
  "stock_days",
  {
    day: text("day").notNull(),
    currency: text("currency").notNull(),
    skus: integer("skus").notNull(),
    units: integer("units").notNull(),
    value: integer("value").notNull(),
    countedAt: integer("counted_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.currency] })],
);
