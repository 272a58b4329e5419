import { sql } from "drizzle-orm";
import { breaches, wasPaid } from "../store.ts";

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
