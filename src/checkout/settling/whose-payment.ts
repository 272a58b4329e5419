import type { StoredOrder } from "../../orders/index.ts";
import type { Mark, PaymentSession } from "../../payments/index.ts";
import { EventHeldUp } from "../../webhooks/index.ts";
import type { CheckoutContext } from "../context.ts";
import { noticeOfPaidWithoutOrder } from "../strange-money.ts";

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

/** A session of this shop names an order that is not in its database, as after a restore. Money is a person's matter at once. */
export function orderNotHere(
  ctx: CheckoutContext,
  { orderId, session }: { readonly orderId: string | null; readonly session: PaymentSession },
): EventHeldUp {
  if (orderId === null) return new EventHeldUp("The session does not name its order.", {});
  const paid = session.state === "paid" || session.state === "processing";
  return new EventHeldUp(`The order ${orderId} is not here, or not yet.`, {
    lacks: orderId,
    ...(paid ? { notice: noticeOfPaidWithoutOrder(ctx, [{ orderId, session }]) } : {}),
  });
}
