import { sql } from "drizzle-orm";
import { breaches } from "../store.ts";

/** Money of another currency than the order's is not in the order's sums; its way back is written down as it comes. */
const hadOtherMoney = sql`EXISTS (SELECT 1 FROM refunds x WHERE x.order_id = o.id AND x.currency <> o.currency)`;

/** A person was called and has done with it. */
const wasSettled = sql`EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.type = 'attention.resolved')`;

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
        WHEN 'paid' THEN refunded > 0 OR (captured = 0 AND total > 0)
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
      WHERE o.status = 'paid' AND o.total > 0 AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.status = 'succeeded')`,
  ),
];

/** I9: money that came is an order with stock, or goes back, or a person has been called. */
export const moneyEnds = () => [
  breaches(
    "I9",
    sql`SELECT o.id || ': ' || p.captured || ' taken, order ' || o.status AS breach
      FROM payments p JOIN orders o ON o.id = p.order_id
      WHERE p.status = 'succeeded' AND o.status <> 'paid' AND o.attention_reason IS NOT 'refund_failed' AND NOT ${wasSettled}
        AND p.captured > (SELECT coalesce(sum(amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')`,
  ),
  breaches(
    "I9",
    sql`SELECT r.id || ': no retry will send it, and nobody was called' AS breach
      FROM refunds r JOIN orders o ON o.id = r.order_id JOIN outbox x ON x.dedupe_key = 'refund:' || r.id
      WHERE r.status = 'pending' AND r.provider_refund_id IS NULL AND x.status = 'dead' AND o.attention_reason IS NULL AND NOT ${wasSettled}`,
  ),
];

/** I19: what was booked before the day that the nightly control compares next is on the provider's books, or the operators know. */
export const onBothBooks = () =>
  ["payments", "refunds"].map((table) => {
    const booked =
      table === "payments"
        ? sql`SELECT id, updated_at, controlled_at FROM payments WHERE status = 'succeeded' AND provider_payment_id IS NOT NULL`
        : sql`SELECT id, updated_at, controlled_at FROM refunds WHERE status <> 'failed' AND provider_refund_id IS NOT NULL`;
    return breaches(
      "I19",
      sql`SELECT b.id || ': not on the books of the payment provider' AS breach
        FROM (${booked}) b JOIN reconciliations c ON c.name LIKE '%:control'
        WHERE b.controlled_at IS NULL AND b.updated_at >= c.state ->> 'since' AND b.updated_at < (c.state ->> 'day') - 86400000
          AND NOT EXISTS (SELECT 1 FROM outbox x WHERE x.dedupe_key >= 'control_total:' AND x.dedupe_key < 'control_total;')`,
    );
  });
