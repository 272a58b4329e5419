import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { stockDays } from "../schema.ts";

export interface StockSum {
  readonly currency: string;
  readonly skus: number;
  readonly units: number;
  /** In minor units. */
  readonly value: number;
  /** The last SKU of the slice. */
  readonly last: string;
}

/** The next SKUs, by currency. The cross join is SQLite's word for "in this order": from the levels to their variants. */
export function addUpStock(after: string, limit: number) {
  return query.all<StockSum>(sql`
    SELECT v.currency, count(*) AS skus, sum(l.on_hand) AS units, sum(l.on_hand * v.amount) AS value, max(l.sku) AS last
    FROM (SELECT sku, on_hand FROM stock_levels WHERE sku > ${after} ORDER BY sku LIMIT ${limit}) l
    CROSS JOIN variants v ON v.sku = l.sku GROUP BY v.currency`);
}

export function saveStockDay(row: typeof stockDays.$inferInsert) {
  const { skus, units, value, countedAt } = row;
  return query
    .insert(stockDays)
    .values(row)
    .onConflictDoUpdate({
      target: [stockDays.day, stockDays.currency],
      set: { skus, units, value, countedAt },
    });
}
