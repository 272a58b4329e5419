import { findOrderWhere, findRefund } from "../orders/index.ts";
import { PaymentRefused } from "../payments/index.ts";
import { applyRefund } from "./apply-refund.ts";
import type { CheckoutContext } from "./context.ts";
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
      if (!(error instanceof PaymentRefused)) throw error;
      ctx.log.note("error", "refund_refused", error);
      return { id: null, status: "failed" as const };
    });
  await applyRefund(ctx, order, {
    refundId: refund.id,
    status: outcome.status,
    stripeRefundId: outcome.id,
  });
}
