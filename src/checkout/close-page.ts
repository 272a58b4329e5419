import { type OrderRow, paymentsOf } from "../orders/index.ts";
import { type PaymentPage, PaymentRefused } from "../payments/index.ts";
import type { CheckoutContext } from "./context.ts";
import { paymentRequest } from "./payment-request.ts";

/**
 * Makes sure that nobody can pay for the order any more, and says how its page ended; null when there never was one.
 * Throws when Stripe cannot be asked.
 */
export async function closePage(
  ctx: CheckoutContext,
  order: OrderRow,
): Promise<PaymentPage | null> {
  const sessionId = paymentsOf(order)[0]?.sessionId ?? (await findSession(ctx, order));
  return sessionId === null ? null : ctx.payments.closePage(sessionId);
}

/**
 * The page of an order whose first try died at Stripe, so that we never heard of it. Asking for it again brings it to
 * light, and takes its key, so that a try still on its way cannot open one after this. When Stripe opens none so late,
 * its list tells.
 */
async function findSession(ctx: CheckoutContext, order: OrderRow): Promise<string | null> {
  const request = paymentRequest(order);
  const page = await ctx.payments.openPage(request).catch((error: unknown) => {
    if (error instanceof PaymentRefused) return ctx.payments.findPage(request);
    throw error;
  });
  return page?.sessionId ?? null;
}
