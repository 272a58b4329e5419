import { type SQL, sql } from "drizzle-orm";
import { query } from "../platform/db.ts";

const MAX_BREACHES = 20;

/** Rows that break a rule, each as a sentence. */
function breaches(name: string, select: SQL) {
  return query.all<{ invariant: string; breach: string }>(
    sql`SELECT ${name} AS invariant, breach FROM (${select}) LIMIT ${MAX_BREACHES}`,
  );
}

/** I1: the ledger's sums are the levels, and what is held is what is reserved. */
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
];

/** I2: what the order says it was paid is what was captured less what went back, and no more goes back than came. */
export const moneyAddsUp = () => [
  breaches(
    "I2",
    sql`SELECT o.id || ': captured ' || o.captured || ', payments ' || coalesce(p.captured, 0) || '; refunded ' || o.refunded || ', refunds ' || coalesce(r.refunded, 0) AS breach
      FROM orders o
      LEFT JOIN (SELECT order_id, currency, sum(captured) AS captured FROM payments WHERE status = 'succeeded' GROUP BY 1, 2) p
        ON p.order_id = o.id AND p.currency = o.currency
      LEFT JOIN (SELECT order_id, currency, sum(amount) AS refunded FROM refunds WHERE status = 'succeeded' GROUP BY 1, 2) r
        ON r.order_id = o.id AND r.currency = o.currency
      WHERE o.attention_reason IS NOT 'amount_mismatch' AND (o.captured <> coalesce(p.captured, 0) OR o.refunded <> coalesce(r.refunded, 0))`,
  ),
  breaches(
    "I2",
    sql`SELECT p.id || ': refunds of ' || sum(r.amount) || ' for ' || p.captured AS breach
      FROM payments p JOIN refunds r ON r.payment_id = p.id AND r.status <> 'failed'
      GROUP BY p.id HAVING sum(r.amount) > p.captured`,
  ),
];

/** I3: one order a payment, one successful payment an order. */
export const paidOnce = () => [
  breaches(
    "I3",
    sql`SELECT order_id || ': ' || count(*) || ' successful payments' AS breach
      FROM payments WHERE status = 'succeeded' GROUP BY order_id HAVING count(*) > 1`,
  ),
  breaches(
    "I3",
    sql`SELECT id || ': paid without a payment' AS breach FROM orders o
      WHERE o.status = 'paid' AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.status = 'succeeded')`,
  ),
];

/** I4: every event ends processed, ignored or dead. */
export const eventsSettled = () => [
  breaches(
    "I4",
    sql`SELECT id || ': ' || type || ' is still ' || status AS breach FROM webhook_events WHERE status IN ('received', 'failed')`,
  ),
];

/** I5 and I10: one history entry a version, and one sale of each line of a paid order. */
export const effectsOnce = () => [
  breaches(
    "I5",
    sql`SELECT o.id || ': version ' || o.version || ', history ' || count(e.seq) AS breach
      FROM orders o LEFT JOIN order_events e ON e.order_id = o.id GROUP BY o.id HAVING count(e.seq) <> o.version`,
  ),
  breaches(
    "I5",
    sql`SELECT o.id || ': ' || l.sku || ' sold ' || coalesce(-sum(m.on_hand_delta), 0) || ' of ' || l.quantity AS breach
      FROM orders o JOIN order_lines l ON l.order_id = o.id
      LEFT JOIN stock_movements m ON m.order_id = o.id AND m.sku = l.sku AND m.kind = 'sale'
      WHERE o.status = 'paid' GROUP BY o.id, l.sku HAVING coalesce(-sum(m.on_hand_delta), 0) <> l.quantity`,
  ),
];

/** I8: a hold is never longer than it says. `now` in milliseconds. */
export const holdsEnd = (now: number) => [
  breaches(
    "I8",
    sql`SELECT id || ': held until ' || expires_at AS breach FROM reservations WHERE status = 'held' AND expires_at <= ${now}`,
  ),
  breaches(
    "I8",
    sql`SELECT r.id || ': committed, but its order is ' || o.status AS breach
      FROM reservations r JOIN orders o ON o.id = r.order_id
      WHERE r.status = 'committed' AND o.status NOT IN ('paid', 'canceled')`,
  ),
];

/** I9: money that came is an order with stock, or goes back. */
export const moneyEnds = () => [
  breaches(
    "I9",
    sql`SELECT o.id || ': ' || p.captured || ' taken, order ' || o.status AS breach
      FROM payments p JOIN orders o ON o.id = p.order_id
      WHERE p.status = 'succeeded' AND o.status <> 'paid' AND o.attention_reason IS NOT 'refund_failed'
        AND p.captured > (SELECT coalesce(sum(amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')`,
  ),
];

/** I11: one receipt a paid order, and nothing promised is left unsaid. */
export const toldOnce = () => [
  breaches(
    "I11",
    sql`SELECT o.id || ': ' || count(x.id) || ' receipts' AS breach
      FROM orders o LEFT JOIN outbox x ON x.dedupe_key = 'receipt:' || o.id
      WHERE o.status = 'paid' GROUP BY o.id HAVING count(x.id) <> 1`,
  ),
  breaches(
    "I11",
    sql`SELECT id || ': ' || topic || ' is still to be told' AS breach FROM outbox WHERE status = 'pending'`,
  ),
];
