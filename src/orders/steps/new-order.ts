import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { insertOrderCreated } from "../events/store.ts";
import {
  insertOrder,
  insertOrderLines,
  insertPendingPayment,
  type NewOrder,
} from "../placing/store.ts";

/**
 * The statements that make an order over a hold, with the catalog's prices: the order, its lines, what changes its
 * price, the payment that it waits for, and the first entry of its history, which says what it comes to.
 */
export function newOrder(
  ctx: Context,
  order: NewOrder,
  discounted: readonly Statement[],
): Statement[] {
  const { id: orderId, reservationId, now } = order;
  const { actor, requestId } = ctx;
  return [
    insertOrder(order),
    insertOrderLines(orderId, reservationId),
    ...discounted,
    insertPendingPayment(newId("pay", now), orderId, now),
    insertOrderCreated({ orderId, actor: actor.label, requestId, now }),
  ];
}
