import { type OrderRow, paymentsOf } from "../orders/index.ts";
import { type PaymentPage, PaymentRefused } from "../payments/index.ts";
import type { CheckoutContext } from "./context.ts";
import { paymentRequest } from "./payment-request.ts";

/**
 * Makes sure that nobody can pay for the order any more, and says how its page ended; null when there never was one.
 * An order whose first try died at Stripe has a page that we never heard of: asking for it again with the same
 * idempotency key brings it to light. Throws when Stripe cannot be asked.
 */
export async function closePage(
  ctx: CheckoutContext,
  order: OrderRow,
): Promise<PaymentPage | null> {
  const sessionId = paymentsOf(order)[0]?.sessionId ?? (await findSession(ctx, order));
  return sessionId === null ? null : ctx.payments.closePage(sessionId);
}

async function findSession(ctx: CheckoutContext, order: OrderRow): Promise<string | null> {
  try {
    return (await ctx.payments.openPage(paymentRequest(order))).sessionId;
  } catch (error) {
    if (error instanceof PaymentRefused) return null;
    throw error;
  }
}
