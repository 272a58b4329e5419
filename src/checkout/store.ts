import { and, asc, eq, sql } from "drizzle-orm";
import { findOrderWhere } from "../orders/index.ts";
import { orders } from "../orders/schema.ts";
import { query } from "../platform/db.ts";
import { answerProvided } from "../platform/idempotency/store.ts";

/** The order that a stored webhook event is about: its subject is the order's id, or that of a PaymentIntent. */
export function findOrderOfEvent(eventRowId: string) {
  return findOrderWhere(sql`(
    SELECT coalesce((SELECT order_id FROM payments WHERE provider_payment_id = e.subject), e.subject)
    FROM webhook_events e WHERE e.id = ${eventRowId})`);
}

/** For `findOrderWhere`: the order that a PaymentIntent pays for. */
export function paymentIntentToOrder(providerPaymentId: string) {
  return sql`(SELECT order_id FROM payments WHERE provider_payment_id = ${providerPaymentId})`;
}

/** Orders whose money a bank has yet to send, the oldest first. */
export function awaitingBank(after: readonly [number, string], limit: number) {
  return query
    .select({ id: orders.id, createdAt: orders.createdAt })
    .from(orders)
    .where(
      and(
        eq(orders.paymentStatus, "processing"),
        sql`(${orders.createdAt}, ${orders.id}) > (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(asc(orders.createdAt), asc(orders.id))
    .limit(limit);
}

/** Orders whose hold is over unpaid and whose payment session is known, or is not, oldest first. */
export function dueCheckouts(now: number, session: "known" | "unknown", limit: number) {
  const is = session === "known" ? sql`IS NOT NULL` : sql`IS NULL`;
  return query.all<{ orderId: string }>(sql`
    SELECT r.order_id AS "orderId" FROM reservations r INDEXED BY reservations_due
    WHERE r.status = 'held' AND r.expires_at <= ${now} AND r.order_id IS NOT NULL
      AND (SELECT max(session_id) FROM payments WHERE order_id = r.order_id) ${is}
    ORDER BY r.expires_at LIMIT ${limit}`);
}

/** For `findOrderWhere`: the order that a refund belongs to. */
export function refundIdToOrder(refundId: string) {
  return sql`(SELECT order_id FROM refunds WHERE id = ${refundId})`;
}

/** For `reviveEvents`: the order that an event lacks is here. */
export const orderIsHere = sql`EXISTS (SELECT 1 FROM orders WHERE id = lacking.lacks)`;

/** Answers a checkout's key, if nobody has canceled or expired the order. */
export const storeAnswerIfAlive = answerProvided(
  (orderId) =>
    sql`EXISTS (SELECT 1 FROM orders WHERE id = ${orderId} AND status IN ('pending_payment', 'paid'))`,
);

/** A row where one of these, or something in the hold, needs a parcel. */
export function findParcel(skus: readonly string[], reservationId: string) {
  return query.all<{ parcel: number }>(sql`
    SELECT 1 AS parcel FROM variants WHERE requires_shipping = 1 AND sku IN (
      SELECT value FROM json_each(${JSON.stringify(skus)}))
    UNION ALL SELECT 1 FROM held_lines WHERE reservation_id = ${reservationId} AND requires_shipping = 1
    LIMIT 1`);
}
