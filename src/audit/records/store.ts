import { sql } from "drizzle-orm";
import { breaches, type Which, wasPaid } from "../store.ts";

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

/**
 * I5: one history entry a version, one sale of each line of a paid order. The plus keeps SQLite from making an index of
 * all sales for each order.
 */
export const effectsOnce = (orders: Which) => [
  breaches(
    "I5",
    sql`SELECT id || ': version ' || version || ', history ' || steps AS breach
      FROM (SELECT o.id, o.version, (SELECT count(*) FROM order_events e WHERE e.order_id = o.id) AS steps
        FROM orders o WHERE o.id ${orders})
      WHERE steps <> version`,
  ),
  breaches(
    "I5",
    sql`SELECT id || ': ' || sku || ' sold ' || sold || ' of ' || quantity AS breach
      FROM (SELECT o.id, l.sku, l.quantity, (
          SELECT coalesce(-sum(m.on_hand_delta), 0) FROM stock_movements m
          WHERE m.order_id = o.id AND m.sku = l.sku AND +m.kind = 'sale') AS sold, ${wasPaid} AS paid
        FROM orders o CROSS JOIN order_lines l ON l.order_id = o.id WHERE o.id ${orders})
      WHERE sold <> iif(paid, quantity, 0)`,
  ),
];

/** I5: what was sold to these orders was sold to one that is there. */
export const salesHaveOrders = (orders: Which) => [
  breaches(
    "I5",
    sql`SELECT DISTINCT m.order_id || ': ' || m.sku || ' was sold to it, and it is not there' AS breach FROM stock_movements m
      WHERE m.order_id ${orders} AND +m.kind = 'sale' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = m.order_id)`,
  ),
];

/** I5: these codes count each use once. */
export const codesCounted = (discounts: Which) => [
  breaches(
    "I5",
    sql`SELECT code || ': used ' || uses || ' times, by ' || orders || ' orders, of ' || coalesce(max_uses, 'any number') AS breach
      FROM (SELECT d.*, (
          SELECT count(*) FROM discount_uses u WHERE u.discount_id = d.id AND u.given_back_at IS NULL) AS orders
        FROM discounts d WHERE d.id ${discounts})
      WHERE uses <> orders OR uses > max_uses`,
  ),
];

/** I6: no event and no refund that was acknowledged lies where nobody looks: what is not done has somebody who will wake it. */
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
];

/** I6: these orders are for something. */
export const goodsThere = (orders: Which) => [
  breaches(
    "I6",
    sql`SELECT o.id || ': without the goods it is for' AS breach FROM orders o
      WHERE o.id ${orders} AND NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id)`,
  ),
];

/** I7: a key that was answered has its answer; one that is at work has its order. */
export const keysAnswered = (keys: Which) => [
  breaches(
    "I7",
    sql`SELECT k.subject || ': a key stands for it, and it is not there' AS breach FROM idempotency_keys k
      WHERE k.rowid ${keys} AND k.subject LIKE 'ord_%' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = k.subject)`,
  ),
];

/** I10: what the three axes say fits together; what was paid once is paid or canceled. */
export const statesFit = (orders: Which) => [
  breaches(
    "I10",
    sql`SELECT o.id || ': ' || o.status || ' and ' || o.payment_status AS breach FROM orders o
      WHERE o.id ${orders} AND ((o.status = 'paid' AND o.payment_status IN ('unpaid', 'processing', 'failed'))
        OR (o.status = 'pending_payment' AND o.payment_status NOT IN ('unpaid', 'processing'))
        OR (o.status NOT IN ('paid', 'canceled') AND ${wasPaid}))`,
  ),
  breaches(
    "I10",
    sql`SELECT id || ': ' || fulfillment_status || ', ' || sum(sent) || ' of ' || sum(quantity) || ' sent' AS breach
      FROM (SELECT o.id, o.fulfillment_status, l.quantity, (
          SELECT coalesce(sum(f.quantity), 0) FROM fulfillment_lines f WHERE f.order_id = o.id AND f.sku = l.sku) AS sent
        FROM orders o CROSS JOIN order_lines l ON l.order_id = o.id WHERE o.id ${orders})
      GROUP BY id HAVING max(sent - quantity) > 0 OR (fulfillment_status = 'unfulfilled') <> (sum(sent) = 0)`,
  ),
];

/** Whatever was promised since then has its row; what was promised before and is told may be gone. */
const promisesKeptSince = sql`(SELECT until FROM retention_due WHERE what = 'promises')`;

/** I11: one receipt a paid order, one word a shipment, for as long as what was told is remembered. */
export const toldOnce = (orders: Which) => [
  breaches(
    "I11",
    sql`SELECT id || ': ' || receipts || ' receipts' AS breach
      FROM (SELECT o.id, (SELECT count(*) FROM outbox x WHERE x.dedupe_key = 'receipt:' || o.id) AS receipts,
          (SELECT max(e.created_at) FROM order_events e WHERE e.order_id = o.id AND e.type = 'order.paid') AS paid_at
        FROM orders o WHERE o.id ${orders})
      WHERE receipts > (paid_at IS NOT NULL) OR (receipts = 0 AND paid_at > ${promisesKeptSince})`,
  ),
  breaches(
    "I11",
    sql`SELECT f.id || ': nobody is told that it was sent' AS breach
      FROM orders o CROSS JOIN fulfillments f ON f.order_id = o.id
      WHERE o.id ${orders} AND f.created_at > ${promisesKeptSince}
        AND NOT EXISTS (SELECT 1 FROM outbox x WHERE x.dedupe_key = 'shipped:' || f.id)`,
  ),
];

/** I11: nothing promised is left unsaid. `before` in milliseconds. */
export const promisesKept = (before: number) => [
  breaches(
    "I11",
    sql`SELECT id || ': ' || topic || ' is still to be told' AS breach FROM outbox WHERE status = 'pending' AND created_at <= ${before}`,
  ),
];

/** I12: what is made of an account's hold is that account's. */
export const ownersAgree = (orders: Which) => [
  breaches(
    "I12",
    sql`SELECT o.id || ': made of a hold of ' || r.account_id || ', belongs to ' || coalesce(o.account_id, 'nobody') AS breach
      FROM orders o CROSS JOIN reservations r ON r.id = o.reservation_id
      WHERE o.id ${orders} AND r.account_id IS NOT NULL AND o.account_id IS NOT r.account_id`,
  ),
];
