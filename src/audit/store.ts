import { type SQL, sql } from "drizzle-orm";
import { query } from "../platform/db.ts";

const MAX_BREACHES = 20;

export type InvariantName =
  | "I1"
  | "I2"
  | "I3"
  | "I4"
  | "I5"
  | "I6"
  | "I7"
  | "I8"
  | "I9"
  | "I10"
  | "I11"
  | "I12";

/** Rows that break a rule, each as a sentence. */
function breaches(name: InvariantName, select: SQL) {
  return query.all<{ invariant: InvariantName; breach: string }>(
    sql`SELECT ${name} AS invariant, breach FROM (${select}) LIMIT ${MAX_BREACHES}`,
  );
}

const wasPaid = sql`EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.type = 'order.paid')`;

/** Money of another currency than the order's is not in the order's sums; its way back is written down as it comes. */
const hadOtherMoney = sql`EXISTS (SELECT 1 FROM refunds x WHERE x.order_id = o.id AND x.currency <> o.currency)`;

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
      WHERE NOT ${hadOtherMoney} AND (o.captured <> coalesce(p.captured, 0) OR o.refunded <> coalesce(r.refunded, 0))`,
  ),
  breaches(
    "I2",
    sql`SELECT p.id || ': refunds of ' || sum(r.amount) || ' for ' || p.captured AS breach
      FROM payments p JOIN refunds r ON r.payment_id = p.id AND r.status <> 'failed'
      GROUP BY p.id HAVING sum(r.amount) > p.captured`,
  ),
  breaches(
    "I2",
    sql`SELECT id || ': ' || payment_status || ', though ' || refunded || ' of ' || captured || ' went back' AS breach
      FROM orders o WHERE NOT ${hadOtherMoney} AND CASE payment_status
        WHEN 'paid' THEN refunded > 0 OR captured = 0
        WHEN 'partially_refunded' THEN refunded = 0 OR refunded >= captured
        WHEN 'refunded' THEN refunded < captured
        WHEN 'disputed' THEN captured = 0
        ELSE captured > 0 END`,
  ),
  breaches(
    "I2",
    sql`SELECT o.id || ': ' || o.payment_status || ', though its dispute is open' AS breach
      FROM disputes d JOIN orders o ON o.id = d.order_id WHERE d.status = 'open' AND o.payment_status <> 'disputed'`,
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
    sql`SELECT provider_payment_id || ': pays for ' || count(*) || ' orders' AS breach
      FROM payments WHERE provider_payment_id IS NOT NULL GROUP BY provider_payment_id HAVING count(*) > 1`,
  ),
  breaches(
    "I3",
    sql`SELECT id || ': paid without a payment' AS breach FROM orders o
      WHERE o.status = 'paid' AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.status = 'succeeded')`,
  ),
];

/**
 * I4: every event ends processed, ignored or dead. `before` in milliseconds: what came later may be under way, and so may
 * what a person has replayed since.
 */
export const eventsSettled = (before: number) => [
  breaches(
    "I4",
    sql`SELECT id || ': ' || type || ' is still ' || status AS breach FROM webhook_events w
      WHERE status IN ('received', 'failed') AND received_at <= ${before} AND NOT EXISTS (
        SELECT 1 FROM audit_log a
        WHERE a.target = w.id AND a.action = 'webhook_event.replayed' AND a.created_at > ${before})`,
  ),
];

/** I5: one history entry a version, one sale of each line of a paid order, one count of each use of a code. */
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
      GROUP BY o.id, l.sku HAVING coalesce(-sum(m.on_hand_delta), 0) <> iif(${wasPaid}, l.quantity, 0)`,
  ),
  breaches(
    "I5",
    sql`SELECT d.code || ': used ' || d.uses || ' times, by ' || coalesce(u.orders, 0) || ' orders, of ' || coalesce(d.max_uses, 'any number') AS breach
      FROM discounts d LEFT JOIN (
        SELECT discount_id, count(*) AS orders FROM discount_uses WHERE given_back_at IS NULL GROUP BY discount_id
      ) u ON u.discount_id = d.id
      WHERE d.uses <> coalesce(u.orders, 0) OR d.uses > d.max_uses`,
  ),
];

/** I6: nothing that was acknowledged lies where nobody looks: what is not done has somebody who will wake it. */
export const nothingForgotten = () => [
  breaches(
    "I6",
    sql`SELECT id || ': ' || type || ' is ' || status || ', and nobody will wake it' AS breach
      FROM webhook_events WHERE status IN ('received', 'failed') AND wake_at IS NULL`,
  ),
  breaches(
    "I6",
    sql`SELECT r.id || ': pending, and nobody is to send it' AS breach FROM refunds r
      WHERE r.status = 'pending' AND r.source = 'shop' AND NOT EXISTS (SELECT 1 FROM outbox x WHERE x.dedupe_key = 'refund:' || r.id)`,
  ),
  breaches(
    "I6",
    sql`SELECT o.id || ': without the goods it is for' AS breach FROM orders o
      WHERE NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id)`,
  ),
];

/** I7: a key that was answered has its answer; one that is at work has its order. */
export const keysAnswered = () => [
  breaches(
    "I7",
    sql`SELECT k.subject || ': a key stands for it, and it is not there' AS breach FROM idempotency_keys k
      WHERE k.subject LIKE 'ord_%' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = k.subject)`,
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

/** I9: money that came is an order with stock, or goes back, or a person has been called. */
export const moneyEnds = () => [
  breaches(
    "I9",
    sql`SELECT o.id || ': ' || p.captured || ' taken, order ' || o.status AS breach
      FROM payments p JOIN orders o ON o.id = p.order_id
      WHERE p.status = 'succeeded' AND o.status <> 'paid' AND o.attention_reason IS NOT 'refund_failed'
        AND p.captured > (SELECT coalesce(sum(amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')`,
  ),
  breaches(
    "I9",
    sql`SELECT r.id || ': no retry will send it, and nobody was called' AS breach
      FROM refunds r JOIN orders o ON o.id = r.order_id JOIN outbox x ON x.dedupe_key = 'refund:' || r.id
      WHERE r.status = 'pending' AND r.provider_refund_id IS NULL AND x.status = 'dead' AND o.attention_reason IS NULL`,
  ),
];

/** I10: what the three axes say fits together; what was paid once is paid or canceled. */
export const statesFit = () => [
  breaches(
    "I10",
    sql`SELECT o.id || ': ' || o.status || ' and ' || o.payment_status AS breach FROM orders o
      WHERE (o.status = 'paid' AND o.payment_status IN ('unpaid', 'processing', 'failed'))
        OR (o.status = 'pending_payment' AND o.payment_status NOT IN ('unpaid', 'processing'))
        OR (o.status NOT IN ('paid', 'canceled') AND ${wasPaid})`,
  ),
  breaches(
    "I10",
    sql`SELECT o.id || ': ' || o.fulfillment_status || ', ' || sum(coalesce(f.quantity, 0)) || ' of ' || sum(l.quantity) || ' sent' AS breach
      FROM orders o JOIN order_lines l ON l.order_id = o.id
      LEFT JOIN (SELECT order_id, sku, sum(quantity) AS quantity FROM fulfillment_lines GROUP BY 1, 2) f
        ON f.order_id = l.order_id AND f.sku = l.sku
      GROUP BY o.id
      HAVING max(coalesce(f.quantity, 0) - l.quantity) > 0 OR (o.fulfillment_status = 'unfulfilled') <> (sum(coalesce(f.quantity, 0)) = 0)`,
  ),
];

/** I11: one receipt a paid order, one word a shipment, and nothing promised is left unsaid. `before` in milliseconds. */
export const toldOnce = (before: number) => [
  breaches(
    "I11",
    sql`SELECT o.id || ': ' || count(x.id) || ' receipts' AS breach
      FROM orders o LEFT JOIN outbox x ON x.dedupe_key = 'receipt:' || o.id
      GROUP BY o.id HAVING count(x.id) <> iif(${wasPaid}, 1, 0)`,
  ),
  breaches(
    "I11",
    sql`SELECT f.id || ': nobody is told that it was sent' AS breach FROM fulfillments f
      WHERE NOT EXISTS (SELECT 1 FROM outbox x WHERE x.dedupe_key = 'shipped:' || f.id)`,
  ),
  breaches(
    "I11",
    sql`SELECT id || ': ' || topic || ' is still to be told' AS breach FROM outbox WHERE status = 'pending' AND created_at <= ${before}`,
  ),
];

/** I12: what is made of an account's hold is that account's. */
export const ownersAgree = () => [
  breaches(
    "I12",
    sql`SELECT o.id || ': made of a hold of ' || r.account_id || ', belongs to ' || coalesce(o.account_id, 'nobody') AS breach
      FROM orders o JOIN reservations r ON r.id = o.reservation_id
      WHERE r.account_id IS NOT NULL AND o.account_id IS NOT r.account_id`,
  ),
];
