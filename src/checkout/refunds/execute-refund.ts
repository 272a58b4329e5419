import { findOrderWhere, findRefund, type StoredOrder } from "../../orders/index.ts";
import { PaymentRefused, type RefundState } from "../../payments/index.ts";
import { HOUR_MS } from "../../platform/clock.ts";
import type { CheckoutContext } from "../context.ts";
import { refundIdToOrder } from "../store.ts";
import { applyRefund } from "./apply-refund.ts";

/** Stripe remembers an idempotency key for 24 hours at least; a person may replay a dead refund after weeks. */
const KEY_REMEMBERED_MS = 20 * HOUR_MS;

/**
 * Brings a refund to the payment provider:
 *
 *     1. the refund, pending, and the promise to send it       one batch of whoever made it
 *     2. the refund at the provider, with its own id as key    here
 *     3. what has come of it; and then the promise kept        two batches
 *
 * Dead after 1: the sweep wakes the promise. Dead after 2: the next try gets the same refund, by its key or by looking.
 * Dead within 3: what is booked already is not booked again.
 */
export async function executeRefund(
  ctx: CheckoutContext,
  input: { readonly refundId: string },
): Promise<void> {
  const [[refund], [order]] = await ctx.db.batch([
    findRefund(input.refundId),
    findOrderWhere(refundIdToOrder(input.refundId)),
  ]);
  if (refund === undefined || order === undefined || refund.status !== "pending") return;
  if (refund.providerPaymentId === null)
    throw new Error("The payment has no PaymentIntent to refund.");
  const { providerPaymentId } = refund;
  const made = await findForgotten(ctx, order, { refundId: refund.id, providerPaymentId });
  const outcome = made ?? (await sendRefund(ctx, order, { ...refund, providerPaymentId }));
  await applyRefund(ctx, order, {
    refundId: refund.id,
    status: outcome.status,
    providerRefundId: outcome.id,
  });
}

/** What an earlier try has made at Stripe, where the key would not tell any more. */
async function findForgotten(
  ctx: CheckoutContext,
  order: StoredOrder,
  {
    refundId,
    providerPaymentId,
  }: { readonly refundId: string; readonly providerPaymentId: string },
): Promise<RefundState | undefined> {
  const askedAt = order.refunds.find(({ id }) => id === refundId)?.createdAt ?? 0;
  if (ctx.now() - askedAt < KEY_REMEMBERED_MS) return undefined;
  const refunds = await ctx.payments.listRefunds(providerPaymentId);
  return refunds.find((refund) => refund.refundId === refundId);
}

/** Stripe's answer; failed, and without an id, for a refund that it will never make. */
async function sendRefund(
  ctx: CheckoutContext,
  order: StoredOrder,
  refund: {
    readonly id: string;
    readonly providerPaymentId: string;
    readonly amount: number;
    readonly currency: string;
  },
): Promise<RefundState | { readonly id: null; readonly status: "failed" }> {
  const { id: refundId, providerPaymentId, amount, currency } = refund;
  const request = { refundId, orderId: order.id, providerPaymentId, money: { amount, currency } };
  return ctx.payments.refund(request).catch((error: unknown) => {
    if (!(error instanceof PaymentRefused)) throw error;
    ctx.log.note("error", "refund_refused", error);
    return { id: null, status: "failed" as const };
  });
}
