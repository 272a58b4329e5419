import { type SQL, sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { breaches, type Which } from "../store.ts";

/** The levels of which this is not so; `there` has `on_hand_there` and `reserved_there` beside each. */
const unequal = (there: SQL) =>
  breaches(
    "I1",
    sql`SELECT sku || ': on hand ' || on_hand || ', ledger ' || on_hand_there || '; reserved ' || reserved || ', ledger ' || reserved_there AS breach
      FROM (${there}) WHERE on_hand <> on_hand_there OR reserved <> reserved_there OR on_hand < 0 OR reserved < 0 OR reserved > on_hand`,
  );

/** The checkpoint of a level `l`, and what the ledger says after it. */
const sinceCheckpoint = (
  column: "on_hand" | "reserved",
) => sql`coalesce(c.${sql.raw(column)}, 0) + (
  SELECT coalesce(sum(m.${sql.raw(column)}_delta), 0) FROM stock_movements m
  WHERE m.sku = l.sku AND m.seq > coalesce(c.through_seq, 0))`;

/** I1: the checkpoints of these SKUs and the ledger after them are the levels. */
export const levelsAddUp = (skus: Which) => [
  unequal(sql`
    SELECT l.*, ${sinceCheckpoint("on_hand")} AS on_hand_there, ${sinceCheckpoint("reserved")} AS reserved_there
    FROM stock_levels l LEFT JOIN stock_checkpoints c ON c.sku = l.sku WHERE l.sku ${skus}`),
];

/** The same by every row of the ledger: what was purged was taken and given back. */
export const ledgerAddsUp = () => [
  unequal(sql`
    SELECT l.*, coalesce(m.on_hand, 0) AS on_hand_there, coalesce(m.reserved, 0) AS reserved_there
    FROM stock_levels l LEFT JOIN (
      SELECT sku, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved FROM stock_movements GROUP BY sku
    ) m ON m.sku = l.sku`),
];

/**
 * The same of these SKUs, by the rows as this round of the audit has counted them anew, up to `seq`: of what stands in a
 * checkpoint. What is reserved is not in it: a purge takes that out of what is counted and of what is not, and each hold is
 * looked at by itself.
 */
export const levelsCounted = (
  skus: Which,
  { round, seq }: { readonly round: number; readonly seq: number },
) => [
  breaches(
    "I1",
    sql`SELECT sku || ': on hand ' || on_hand_there || ' by its checkpoint, ledger ' || counted AS breach FROM (
      SELECT l.sku, ${sinceCheckpoint("on_hand")} AS on_hand_there, iif(c.recount = ${round}, c.recount_on_hand, 0) + (
        SELECT coalesce(sum(m.on_hand_delta), 0) FROM stock_movements m WHERE m.sku = l.sku AND m.seq > ${seq}) AS counted
      FROM stock_levels l LEFT JOIN stock_checkpoints c ON c.sku = l.sku WHERE l.sku ${skus}) WHERE on_hand_there <> counted`,
  ),
];

/** I1: what is held is what is reserved. */
export const heldIsReserved = () => [
  breaches(
    "I1",
    sql`SELECT l.sku || ': reserved ' || l.reserved || ', held ' || coalesce(h.held, 0) AS breach
      FROM stock_levels l LEFT JOIN (
        SELECT i.sku, sum(i.quantity) AS held FROM reservations r CROSS JOIN reservation_lines i ON i.reservation_id = r.id
        WHERE r.status = 'held' GROUP BY i.sku
      ) h ON h.sku = l.sku
      WHERE l.reserved <> coalesce(h.held, 0)`,
  ),
];

/** I1: no more comes back of these orders than was sold. */
export const noMoreComesBack = (orders: Which) => [
  breaches(
    "I1",
    sql`SELECT order_id || ': ' || sku || ' came back ' || sum(on_hand_delta) || ' times too often' AS breach
      FROM stock_movements WHERE order_id ${orders} AND +kind IN ('sale', 'return')
      GROUP BY order_id, sku HAVING sum(on_hand_delta) > 0`,
  ),
];

/** I8: a hold is never longer than it says. `before` in milliseconds. */
export const holdsUnderWay = (before: number) => [
  breaches(
    "I8",
    sql`SELECT ref || ': held until ' || expires_at AS breach FROM reservations WHERE status = 'held' AND expires_at <= ${before}`,
  ),
  breaches(
    "I8",
    sql`SELECT r.ref || ': still held, but its order is ' || o.status AS breach
      FROM reservations r CROSS JOIN orders o ON o.id = r.order_id WHERE r.status = 'held' AND o.status <> 'pending_payment'`,
  ),
];

/** I8: none of these holds was made longer but for a bank, and one that has ended holds nothing. `holdMs` in milliseconds. */
export const holdsEnd = (holds: Which, holdMs: number) => [
  breaches(
    "I8",
    sql`SELECT r.ref || ': held for longer than ' || ${holdMs} || ' ms, and no bank was waited for' AS breach
      FROM reservations r
      WHERE r.id ${holds} AND r.expires_at > r.created_at + ${holdMs} AND NOT EXISTS (
        SELECT 1 FROM order_events e WHERE e.order_id = r.order_id AND e.type = 'payment.processing')`,
  ),
  breaches(
    "I8",
    sql`SELECT r.ref || ': committed, but its order is ' || o.status AS breach
      FROM reservations r CROSS JOIN orders o ON o.id = r.order_id
      WHERE r.id ${holds} AND +r.status = 'committed' AND o.status NOT IN ('paid', 'canceled')`,
  ),
  breaches(
    "I8",
    sql`SELECT ref || ', ' || status || ': the ledger holds ' || there || ' of ' || sku AS breach
      FROM (SELECT r.ref, r.status, l.sku, l.quantity, (
          SELECT coalesce(sum(m.reserved_delta), 0) FROM stock_movements m WHERE m.reservation_id = r.id AND +m.sku = l.sku) AS there
        FROM reservations r CROSS JOIN reservation_lines l ON l.reservation_id = r.id WHERE r.id ${holds})
      WHERE there <> iif(status = 'held', quantity, 0)`,
  ),
];

/** I17: what is owed is not below nothing, no more came back from customers than went out, and what the shelf got back somebody has said. */
export const unitsOwed = (orders: Which) => [
  breaches(
    "I17",
    sql`SELECT order_id || ': of ' || sku || ' ' || -owed || ' too many were sent or refunded before they were' AS breach
      FROM owed_units WHERE order_id ${orders} AND owed < 0`,
  ),
  breaches(
    "I17",
    sql`SELECT order_id || ': of ' || sku || ' ' || returned || ' came back, and ' || sent || ' were sent' AS breach
      FROM (SELECT x.order_id, x.sku, sum(x.quantity) AS returned, (
          SELECT coalesce(sum(f.quantity), 0) FROM fulfillment_lines f WHERE f.order_id = x.order_id AND f.sku = x.sku
        ) AS sent FROM refund_lines x WHERE x.order_id ${orders} AND x.restock = 'return' GROUP BY 1, 2)
      WHERE returned > sent`,
  ),
  breaches(
    "I17",
    sql`SELECT order_id || ': of ' || sku || ' ' || back || ' are back on the shelf' AS breach
      FROM (SELECT m.order_id, m.sku, sum(m.on_hand_delta) AS back
        FROM orders o CROSS JOIN stock_movements m ON m.order_id = o.id
        WHERE o.id ${orders} AND +m.kind = 'return' AND +o.status = 'paid' GROUP BY 1, 2) b
      WHERE back <> (
        SELECT coalesce(sum(quantity), 0) FROM refund_lines WHERE order_id = b.order_id AND sku = b.sku AND restock <> 'none')`,
  ),
];

export interface Span {
  /** Behind this row of the ledger, up to that one. */
  readonly after: number;
  readonly through: number;
}

/** Moves the checkpoints on over these rows of the ledger. What a checkpoint has in it already is not counted twice. */
export function moveCheckpoints({ after, through }: Span) {
  const rows = sql`stock_movements m LEFT JOIN stock_checkpoints c ON c.sku = m.sku WHERE m.seq > ${after} AND m.seq <= ${through}`;
  return [
    query.run(
      sql`INSERT INTO stock_checkpoints (sku) SELECT DISTINCT m.sku FROM ${rows} AND c.sku IS NULL`,
    ),
    query.run(sql`
      UPDATE stock_checkpoints SET through_seq = max(through_seq, ${through}),
        on_hand = stock_checkpoints.on_hand + moved.on_hand, reserved = stock_checkpoints.reserved + moved.reserved
      FROM (SELECT m.sku, sum(m.on_hand_delta) AS on_hand, sum(m.reserved_delta) AS reserved
        FROM ${rows} AND m.seq > c.through_seq GROUP BY m.sku) AS moved
      WHERE stock_checkpoints.sku = moved.sku`),
  ];
}

/** Counts these rows anew for a round of the audit, each once. */
export function countAnew({ after, through }: Span, round: number) {
  return query.run(sql`
    UPDATE stock_checkpoints SET recount = ${round}, recount_seq = ${through},
      recount_on_hand = iif(recount = ${round}, recount_on_hand, 0) + rows.on_hand
    FROM (SELECT m.sku, sum(m.on_hand_delta) AS on_hand
      FROM stock_movements m JOIN stock_checkpoints c ON c.sku = m.sku
      WHERE m.seq > ${after} AND m.seq <= ${through} AND m.seq > iif(c.recount = ${round}, c.recount_seq, 0) GROUP BY m.sku) AS rows
    WHERE stock_checkpoints.sku = rows.sku`);
}
