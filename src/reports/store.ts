import { and, asc, between, desc, sql } from "drizzle-orm";
import { query, type RowOf } from "../platform/db.ts";
import type { Interval, Span } from "./report.ts";
import { salesDays, stockDays } from "./schema.ts";

/** The first day of what a day is in. https://www.iso.org/iso-8601-date-and-time-format.html: a week begins on Monday */
const START = {
  day: sql<string>`day`,
  week: sql<string>`date(day, 'weekday 0', '-6 days')`,
  month: sql<string>`date(day, 'start of month')`,
} as const satisfies Record<Interval, unknown>;

export type SalesRow = RowOf<typeof sumSales>;

/** What was sold, by interval and currency, oldest first. */
export function sumSales({ from, to }: Span, interval: Interval) {
  const sum = (column: string) => sql<number>`sum(${sql.raw(column)})`;
  const start = START[interval].as("start");
  return query
    .select({
      start,
      currency: salesDays.currency,
      orders: sum("orders").as("orders"),
      units: sum("units").as("units"),
      subtotal: sum("subtotal").as("subtotal"),
      discount: sum("discount").as("discount"),
      shipping: sum("shipping").as("shipping"),
      tax: sum("tax").as("tax"),
      total: sum("total").as("total"),
      refunds: sum("refunds").as("refunds"),
      refunded: sum("refunded").as("refunded"),
    })
    .from(salesDays)
    .where(between(salesDays.day, from, to))
    .groupBy(sql`1`, salesDays.currency)
    .orderBy(sql`1`, asc(salesDays.currency));
}

export interface SoldProduct {
  readonly sku: string;
  readonly productId: string;
  readonly title: string;
  readonly variantTitle: string;
  readonly currency: string;
  readonly units: number;
  readonly revenue: number;
}

export type ProductOrder = "revenue" | "units";

/** What sold best, called by what it is called now. */
export function listSoldProducts(
  { from, to }: Span,
  { sort, limit }: { readonly sort: ProductOrder; readonly limit: number },
) {
  const by = sql.raw(sort);
  return query.all<SoldProduct>(sql`
    SELECT s.sku, p.id AS "productId", p.title, v.title AS "variantTitle", s.currency, s.units, s.revenue
    FROM (SELECT sku, currency, sum(units) AS units, sum(revenue) AS revenue FROM product_days
      WHERE day BETWEEN ${from} AND ${to} GROUP BY sku, currency ORDER BY ${by} DESC, sku, currency LIMIT ${limit}) s
    CROSS JOIN variants v ON v.sku = s.sku CROSS JOIN products p ON p.id = v.product_id
    ORDER BY s.${by} DESC, s.sku, s.currency`);
}

export function listStockDays({ from, to }: Span) {
  return query
    .select()
    .from(stockDays)
    .where(and(between(stockDays.day, from, to)))
    .orderBy(desc(stockDays.day), asc(stockDays.currency));
}
