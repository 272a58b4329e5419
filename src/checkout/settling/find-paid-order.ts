import { findOrder, findOrderWhere, type StoredOrder } from "../../orders/index.ts";
import type { CheckoutContext } from "../context.ts";
import { type PaidOrder, paidWith } from "../paid-order.ts";
import { rebuildOrder } from "../rebuilding/rebuild-order.ts";
import { paymentIntentToOrder } from "../store.ts";
import { applySession } from "./apply-session.ts";
import { isOurs, orderNotHere } from "./whose-payment.ts";

/**
 * The order that a payment at Stripe is for, with the payment booked. News of a refund or a dispute may overtake the
 * news of the payment itself: then Stripe is asked where it was made, and the order is paid first. `known` is an order
 * that the event names, which is only believed when the payment is its own. Null for a payment that is not the shop's.
 * Throws when the order cannot be found or paid yet, so that the event comes again.
 */
export async function findPaidOrder(
  ctx: CheckoutContext,
  providerPaymentId: string,
  known: StoredOrder | undefined,
): Promise<PaidOrder | null> {
  const named = paidWith(known, providerPaymentId);
  if (named !== undefined) return named;
  const [owner] = await ctx.db.run(findOrderWhere(paymentIntentToOrder(providerPaymentId)));
  return paidWith(owner, providerPaymentId) ?? payFirst(ctx, providerPaymentId);
}

async function payFirst(
  ctx: CheckoutContext,
  providerPaymentId: string,
): Promise<PaidOrder | null> {
  const origin = await ctx.payments.findOrigin(providerPaymentId);
  if (origin === null || origin.orderId === null) return null;
  const { orderId, mark, session } = origin;
  const [found] = await ctx.db.run(findOrder(orderId));
  if (!isOurs(mark, found, session.sessionId)) return null;
  const order = found ?? (await rebuildOrder(ctx, { ...origin, orderId }));
  if (order === undefined) throw orderNotHere(orderId);
  await applySession(ctx, order, session);
  const [fresh] = await ctx.db.run(findOrder(orderId));
  const paid = paidWith(fresh, providerPaymentId);
  if (paid === undefined) throw new Error(`${providerPaymentId} has not paid for ${orderId} yet.`);
  return paid;
}
