import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import type { Kind } from "../rules.ts";

export interface Entry {
  readonly at: number;
  readonly orderId: string;
}

/** The next entries of the orders' histories, in the order of their writing, whatever their order. */
export function nextHistory(after: number, limit: number) {
  return query.all<Entry>(sql`
    SELECT rowid AS at, order_id AS "orderId" FROM order_events WHERE rowid > ${after} ORDER BY rowid LIMIT ${limit}`);
}

export interface Movement {
  readonly at: number;
  readonly sku: string;
  readonly orderId: string | null;
  readonly reservationId: string | null;
}

/** The next rows of the ledger. */
export function nextMovements(after: number, limit: number) {
  return query.all<Movement>(sql`
    SELECT seq AS at, sku, order_id AS "orderId", reservation_id AS "reservationId" FROM stock_movements
    WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`);
}

/** The ends of what is looked at in the order of its writing; 0 where there is nothing. */
export function findEnds() {
  return query.all<{ history: number; ledger: number }>(sql`
    SELECT coalesce((SELECT max(rowid) FROM order_events), 0) AS history,
      coalesce((SELECT max(seq) FROM stock_movements), 0) AS ledger`);
}

const ROWS = {
  orders: sql`SELECT id FROM orders WHERE id`,
  holds: sql`SELECT id FROM reservations WHERE id`,
  skus: sql`SELECT sku AS id FROM stock_levels WHERE sku`,
  codes: sql`SELECT id FROM discounts WHERE id`,
  keys: sql`SELECT rowid AS id FROM idempotency_keys WHERE rowid`,
} as const satisfies Readonly<Record<Kind, unknown>>;

/** The next rows of a kind, in the order of their ids. */
export function nextRows(kind: Kind, after: string | number, limit: number) {
  return query.all<{ id: string | number }>(
    sql`${ROWS[kind]} > ${after} ORDER BY 1 LIMIT ${limit}`,
  );
}

/** Whether everything may be looked at at once: there are fewer entries in the histories and the ledger than this. */
export function isSmall(limit: number) {
  return query.all<{ small: number }>(sql`
    SELECT (SELECT coalesce(max(rowid), 0) FROM order_events) + (SELECT coalesce(max(seq), 0) FROM stock_movements)
      + (SELECT coalesce(max(rowid), 0) FROM idempotency_keys) < ${limit} AS small`);
}

/** The orders that have changed last. */
export function newestOrders(limit: number) {
  return query.all<{ id: string }>(sql`
    SELECT DISTINCT order_id AS id FROM (SELECT order_id FROM order_events ORDER BY rowid DESC LIMIT ${limit})`);
}
