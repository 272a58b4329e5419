import { sql } from "drizzle-orm";
import { breaches, type Which } from "../store.ts";

/** Money of another currency than the order's is not in the order's sums; its way back is written down as it comes. */
const hadOtherMoney = sql`EXISTS (SELECT 1 FROM refunds x WHERE x.order_id = o.id AND x.currency <> o.currency)`;

/** A person was called and has done with it. */
const wasSettled = sql`EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.type = 'attention.resolved')`;

/** I2: what these orders say they were paid is what was captured less what went back, and no more goes back than came. */
export const moneyAddsUp = (orders: Which) => [
  breaches(
    "I2",
    sql`SELECT o.id || ': captured ' || o.captured || ', payments ' || o.paid || '; refunded ' || o.refunded || ', refunds ' || o.back AS breach
      FROM (SELECT *,
          (SELECT coalesce(sum(p.captured), 0) FROM payments p WHERE p.order_id = o.id AND p.currency = o.currency AND p.status = 'succeeded') AS paid,
          (SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.order_id = o.id AND r.currency = o.currency AND r.status = 'succeeded') AS back
        FROM orders o WHERE o.id ${orders}) o
      WHERE NOT ${hadOtherMoney} AND (o.captured <> o.paid OR o.refunded <> o.back)`,
  ),
  breaches(
    "I2",
    sql`SELECT id || ': refunds of ' || back || ' for ' || captured AS breach
      FROM (SELECT p.id, p.captured, (
          SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed') AS back
        FROM payments p WHERE p.order_id ${orders})
      WHERE back > captured`,
  ),
  breaches(
    "I2",
    sql`SELECT id || ': ' || payment_status || ', though ' || refunded || ' of ' || captured || ' went back' AS breach
      FROM orders o WHERE o.id ${orders} AND NOT ${hadOtherMoney} AND CASE payment_status
        WHEN 'paid' THEN refunded > 0 OR (captured = 0 AND total > 0)
        WHEN 'partially_refunded' THEN refunded = 0 OR refunded >= captured
        WHEN 'refunded' THEN refunded < captured
        WHEN 'disputed' THEN captured = 0
        ELSE captured > 0 END`,
  ),
  breaches(
    "I2",
    sql`SELECT o.id || ': ' || o.payment_status || ', though its dispute is open' AS breach
      FROM orders o CROSS JOIN disputes d ON d.order_id = o.id
      WHERE o.id ${orders} AND d.status = 'open' AND o.payment_status <> 'disputed'`,
  ),
];

/** I3: one order a payment, one successful payment an order. */
export const paidOnce = (orders: Which) => [
  breaches(
    "I3",
    sql`SELECT id || ': ' || paid || ' successful payments' AS breach
      FROM (SELECT o.id, (SELECT count(*) FROM payments p WHERE p.order_id = o.id AND p.status = 'succeeded') AS paid
        FROM orders o WHERE o.id ${orders})
      WHERE paid > 1`,
  ),
  breaches(
    "I3",
    sql`SELECT DISTINCT id || ': pays for ' || orders || ' orders' AS breach
      FROM (SELECT p.provider_payment_id AS id, (
          SELECT count(*) FROM payments q WHERE q.provider_payment_id = p.provider_payment_id) AS orders
        FROM payments p WHERE p.order_id ${orders} AND p.provider_payment_id IS NOT NULL)
      WHERE orders > 1`,
  ),
  breaches(
    "I3",
    sql`SELECT id || ': paid without a payment' AS breach FROM orders o
      WHERE o.id ${orders} AND +o.status = 'paid' AND o.total > 0
        AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.status = 'succeeded')`,
  ),
];

/** I9: money that came is an order with stock, or goes back, or a person has been called. */
export const moneyEnds = (orders: Which) => [
  breaches(
    "I9",
    sql`SELECT o.id || ': ' || p.captured || ' taken, order ' || o.status AS breach
      FROM orders o CROSS JOIN payments p ON p.order_id = o.id
      WHERE o.id ${orders} AND p.status = 'succeeded' AND o.status <> 'paid' AND o.attention_reason IS NOT 'refund_failed' AND NOT ${wasSettled}
        AND p.captured > (SELECT coalesce(sum(amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')`,
  ),
];

/** I9, of the refunds that are under way. */
export const refundsUnderWay = () => [
  breaches(
    "I9",
    sql`SELECT r.id || ': no retry will send it, and nobody was called' AS breach
      FROM refunds r CROSS JOIN orders o ON o.id = r.order_id CROSS JOIN outbox x ON x.dedupe_key = 'refund:' || r.id
      WHERE r.status = 'pending' AND r.provider_refund_id IS NULL AND x.status = 'dead' AND o.attention_reason IS NULL AND NOT ${wasSettled}`,
  ),
];

/** I19: what was booked before the day that the nightly control compares next is on the provider's books, or the operators know. */
export const onBothBooks = () =>
  ["payments", "refunds"].map((table) => {
    const booked =
      table === "payments"
        ? sql`payments b WHERE b.status = 'succeeded' AND b.provider_payment_id IS NOT NULL`
        : sql`refunds b WHERE b.status <> 'failed' AND b.provider_refund_id IS NOT NULL`;
    return breaches(
      "I19",
      sql`SELECT b.id || ': not on the books of the payment provider' AS breach
        FROM reconciliations c CROSS JOIN ${booked} AND c.name LIKE '%:control'
          AND b.controlled_at IS NULL AND b.updated_at >= c.state ->> 'since' AND b.updated_at < (c.state ->> 'day') - 86400000
          AND NOT EXISTS (SELECT 1 FROM outbox x WHERE x.dedupe_key >= 'control_total:' AND x.dedupe_key < 'control_total;')`,
    );
  });
