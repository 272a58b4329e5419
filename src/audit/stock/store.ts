import { sql } from "drizzle-orm";
import { breaches } from "../store.ts";

/** I1: the ledger's sums are the levels, what is held is what is reserved, and no more comes back than was sold. */
export const stockAddsUp = () => [
  breaches(
    "I1",
    sql`SELECT l.sku || ': on hand ' || l.on_hand || ', ledger ' || coalesce(m.on_hand, 0) || '; reserved ' || l.reserved || ', ledger ' || coalesce(m.reserved, 0) AS breach
      FROM stock_levels l LEFT JOIN (
        SELECT sku, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved FROM stock_movements GROUP BY sku
      ) m ON m.sku = l.sku
      WHERE l.on_hand <> coalesce(m.on_hand, 0) OR l.reserved <> coalesce(m.reserved, 0)
        OR l.on_hand < 0 OR l.reserved < 0 OR l.reserved > l.on_hand`,
  ),
  breaches(
    "I1",
    sql`SELECT l.sku || ': reserved ' || l.reserved || ', held ' || coalesce(h.held, 0) AS breach
      FROM stock_levels l LEFT JOIN (
        SELECT i.sku, sum(i.quantity) AS held FROM reservation_lines i JOIN reservations r ON r.id = i.reservation_id
        WHERE r.status = 'held' GROUP BY i.sku
      ) h ON h.sku = l.sku
      WHERE l.reserved <> coalesce(h.held, 0)`,
  ),
  breaches(
    "I1",
    sql`SELECT order_id || ': ' || sku || ' came back ' || sum(on_hand_delta) || ' times too often' AS breach
      FROM stock_movements WHERE order_id IS NOT NULL AND kind IN ('sale', 'return')
      GROUP BY order_id, sku HAVING sum(on_hand_delta) > 0`,
  ),
];

/** I8: a hold is never longer than it says, and what ended holds nothing; called by what opens nothing. Both in milliseconds. */
export const holdsEnd = (before: number, holdMs: number) => [
  breaches(
    "I8",
    sql`SELECT ref || ': held until ' || expires_at AS breach FROM reservations WHERE status = 'held' AND expires_at <= ${before}`,
  ),
  breaches(
    "I8",
    sql`SELECT r.ref || ': held for longer than ' || ${holdMs} || ' ms, and no bank was waited for' AS breach
      FROM reservations r
      WHERE r.expires_at > r.created_at + ${holdMs} AND NOT EXISTS (
        SELECT 1 FROM order_events e WHERE e.order_id = r.order_id AND e.type = 'payment.processing')`,
  ),
  breaches(
    "I8",
    sql`SELECT r.ref || ': committed, but its order is ' || o.status AS breach
      FROM reservations r JOIN orders o ON o.id = r.order_id
      WHERE r.status = 'committed' AND o.status NOT IN ('paid', 'canceled')`,
  ),
  breaches(
    "I8",
    sql`SELECT r.ref || ': still held, but its order is ' || o.status AS breach
      FROM reservations r JOIN orders o ON o.id = r.order_id WHERE r.status = 'held' AND o.status <> 'pending_payment'`,
  ),
];

/** I17: what is owed is not below nothing, no more came back from customers than went out, and what the shelf got back somebody has said. */
export const unitsOwed = () => [
  breaches(
    "I17",
    sql`SELECT order_id || ': of ' || sku || ' ' || -owed || ' too many were sent or refunded before they were' AS breach
      FROM owed_units WHERE owed < 0`,
  ),
  breaches(
    "I17",
    sql`SELECT order_id || ': of ' || sku || ' ' || returned || ' came back, and ' || sent || ' were sent' AS breach
      FROM (SELECT x.order_id, x.sku, sum(x.quantity) AS returned, (
          SELECT coalesce(sum(f.quantity), 0) FROM fulfillment_lines f WHERE f.order_id = x.order_id AND f.sku = x.sku
        ) AS sent FROM refund_lines x WHERE x.restock = 'return' GROUP BY 1, 2)
      WHERE returned > sent`,
  ),
  breaches(
    "I17",
    sql`SELECT m.order_id || ': of ' || m.sku || ' ' || sum(m.on_hand_delta) || ' are back on the shelf' AS breach
      FROM stock_movements m JOIN orders o ON o.id = m.order_id WHERE m.kind = 'return' AND o.status = 'paid'
      GROUP BY m.order_id, m.sku HAVING sum(m.on_hand_delta) <> (
        SELECT coalesce(sum(quantity), 0) FROM refund_lines WHERE order_id = m.order_id AND sku = m.sku AND restock <> 'none')`,
  ),
];
