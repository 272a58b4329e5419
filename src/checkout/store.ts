import { sql } from "drizzle-orm";
import { findOrderWhere } from "../orders/index.ts";

/** The order that a stored webhook event is about. */
export function findOrderOfEvent(eventRowId: string) {
  return findOrderWhere(sql`(SELECT subject FROM webhook_events WHERE id = ${eventRowId})`);
}

/** For `findOrderWhere`: the order that a refund belongs to. */
export function refundIdToOrder(refundId: string) {
  return sql`(SELECT order_id FROM refunds WHERE id = ${refundId})`;
}

/** For `storeAnswer`: nobody has canceled or expired the order. */
export function orderIsAlive(orderId: string) {
  return sql`EXISTS (SELECT 1 FROM orders WHERE id = ${orderId} AND status IN ('pending_payment', 'paid'))`;
}
