import type { StoredOrder } from "../../orders/index.ts";
import type { Mark } from "../../payments/index.ts";
import { EventHeldUp } from "../../webhooks/index.ts";

/**
 * Whether a payment session is this shop's. One without any mark is when it names an order that is here: somebody with
 * access to the provider made it by hand. One with another mark is when the shop has written the session down itself:
 * it had another name then.
 */
export function isOurs(
  mark: Mark,
  order: StoredOrder | undefined,
  sessionId: string | null,
): boolean {
  if (mark === "own") return true;
  if (order === undefined) return false;
  return mark === "none" || order.payments.some((one) => one.sessionId === sessionId);
}

/** A payment of this shop names an order that is not in its database, and that nobody could write again. */
export function orderNotHere(orderId: string): EventHeldUp {
  return new EventHeldUp(`The order ${orderId} is not here, or not yet.`, { lacks: orderId });
}
