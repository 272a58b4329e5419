import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import type { Kind } from "../rules.ts";
import type { Span } from "../stock/store.ts";
import type { Which } from "../store.ts";
import { PROGRESS } from "../waiting/store.ts";

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
  readonly orderId: string | null;
  readonly reservationId: string | null;
}

/** The next rows of the ledger. */
export function nextMovements(after: number, limit: number) {
  return query.all<Movement>(sql`
    SELECT seq AS at, order_id AS "orderId", reservation_id AS "reservationId" FROM stock_movements
    WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`);
}

/** What these rows of the ledger have moved. */
export function skusMoved({ after, through }: Span) {
  return query.all<{ sku: string }>(
    sql`SELECT DISTINCT +sku AS sku FROM stock_movements WHERE seq > ${after} AND seq <= ${through}`,
  );
}

/** The next idempotency keys, in the order of their writing. */
export function nextKeys(after: number, limit: number) {
  return query.all<{ id: number }>(
    sql`SELECT rowid AS id FROM idempotency_keys WHERE rowid > ${after} ORDER BY rowid LIMIT ${limit}`,
  );
}

const MOST_LOST = 100;

/** The orders, gone since, to which these rows of the ledger have sold something. */
export function soldToNobody({ after, through }: Span) {
  return query.all<{ id: string }>(sql`
    SELECT DISTINCT m.order_id AS id FROM stock_movements m
    WHERE m.seq > ${after} AND m.seq <= ${through} AND m.kind = 'sale' AND m.order_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = m.order_id) LIMIT ${MOST_LOST}`);
}

/** The ends of what is looked at in the order of its writing; 0 where there is nothing. */
export function findEnds() {
  return query.all<{ history: number; ledger: number; keys: number }>(sql`
    SELECT coalesce((SELECT max(rowid) FROM order_events), 0) AS history,
      coalesce((SELECT max(seq) FROM stock_movements), 0) AS ledger,
      coalesce((SELECT max(rowid) FROM idempotency_keys), 0) AS keys`);
}

const ROWS = {
  orders: sql`SELECT id FROM orders WHERE id`,
  holds: sql`SELECT id FROM reservations WHERE id`,
  skus: sql`SELECT sku AS id FROM stock_levels WHERE sku`,
  codes: sql`SELECT id FROM discounts WHERE id`,
  days: sql`SELECT DISTINCT day AS id FROM sales_days WHERE day`,
  customers: sql`SELECT id FROM customers WHERE id`,
  keys: sql`SELECT rowid AS id FROM idempotency_keys WHERE rowid`,
} as const satisfies Readonly<Record<Kind, unknown>>;

/** The next rows of a kind, in the order of their ids. */
export function nextRows(kind: Kind, after: string | number, limit: number) {
  return query.all<{ id: string | number }>(
    sql`${ROWS[kind]} > ${after} ORDER BY 1 LIMIT ${limit}`,
  );
}

const suspected = (kind: Kind) => sql`
  SELECT ids.value FROM reconciliations r, json_each(r.state, '$.suspects') slices, json_each(slices.value, '$.ids') ids
  WHERE r.name = ${PROGRESS} AND slices.value ->> 'kind' = ${kind}`;

interface Latest {
  readonly id: string;
  readonly table: string;
  readonly place?: string;
}

/** Those whose place is among the last ones: of what is gone since, fewer. */
const latest = (kind: Kind, { id, table, place = "rowid" }: Latest, limit: number) => sql`IN (
  SELECT ${sql.raw(id)} FROM ${sql.raw(table)}
  WHERE ${sql.raw(place)} > (SELECT max(${sql.raw(place)}) FROM ${sql.raw(table)}) - ${limit} UNION ALL ${suspected(kind)})`;

/** What has changed last of each kind, this much of it, and where the audit has found something. */
export function whatIsLatest(limit: number): Readonly<Record<Kind, Which>> {
  return {
    orders: latest("orders", { id: "order_id", table: "order_events" }, limit),
    holds: latest("holds", { id: "id", table: "reservations" }, limit),
    skus: latest("skus", { id: "sku", table: "stock_movements", place: "seq" }, limit),
    codes: sql`IN (${suspected("codes")})`, // to count the uses of one takes as long as there are uses
    days: sql`IN (${suspected("days")})`, // a day has any number of orders
    customers: sql`IN (${suspected("customers")})`, // nor is it known how many orders one has
    keys: latest("keys", { id: "rowid", table: "idempotency_keys" }, limit),
  };
}
