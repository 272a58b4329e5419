import {
  bookRefunds,
  findOrderWhere,
  findRefund,
  insertOrderEvent,
  settleRefund,
} from "../orders/index.ts";
import { PaymentRefused } from "../payments/index.ts";
import type { CheckoutContext } from "./context.ts";
import { orderStep } from "./end-order.ts";
import { refundIdToOrder } from "./store.ts";

/** Sends a refund that is on disk to Stripe, with its own id as the key, and books what came of it. */
export async function executeRefund(
  ctx: CheckoutContext,
  input: { readonly refundId: string },
): Promise<void> {
  const [[refund], [order]] = await ctx.db.batch([
    findRefund(input.refundId),
    findOrderWhere(refundIdToOrder(input.refundId)),
  ]);
  if (refund === undefined || order === undefined || refund.status !== "pending") return;
  if (refund.paymentIntentId === null)
    throw new Error("The payment has no PaymentIntent to refund.");
  const outcome = await ctx.payments
    .refund({
      refundId: refund.id,
      orderId: order.id,
      paymentIntentId: refund.paymentIntentId,
      money: { amount: refund.amount, currency: refund.currency },
    })
    .catch((error: unknown) => {
      if (error instanceof PaymentRefused) return { id: null, status: "failed" as const, error };
      throw error;
    });
  const seq = order.version + 1;
  const now = ctx.now();
  const settle = settleRefund(
    refund.id,
    { status: outcome.status, stripeRefundId: outcome.id },
    now,
  );
  if (outcome.status === "failed") {
    ctx.log.raise("error");
    const attention = { attentionReason: "refund_failed", attentionSince: now };
    await ctx.db.batch([
      ...orderStep(ctx, order, "refund.failed", attention, { refundId: refund.id }),
      settle,
    ]);
    return;
  }
  const type = outcome.status === "succeeded" ? "refund.succeeded" : "refund.pending";
  const { actor, requestId } = ctx;
  await ctx.db.batch([
    insertOrderEvent({
      orderId: order.id,
      seq,
      type,
      data: { refundId: refund.id },
      actor: actor.label,
      requestId,
      now,
    }),
    settle,
    bookRefunds(order.id, seq, now),
  ]);
}
