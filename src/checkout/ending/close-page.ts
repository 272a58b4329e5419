import type { StoredOrder } from "../../orders/index.ts";
import {
  isPageOver,
  type PageRequest,
  type PaymentPage,
  PaymentRefused,
} from "../../payments/index.ts";
import type { CheckoutContext } from "../context.ts";
import { paymentRequest } from "../payment-request.ts";

/**
 * Makes sure that nobody can pay for the order any more, and says how its page ended; null when none was heard of.
 * Throws when Stripe cannot be asked.
 */
export async function closePage(
  ctx: CheckoutContext,
  order: StoredOrder,
): Promise<PaymentPage | null> {
  const sessionId = order.payments[0]?.sessionId ?? (await findSession(ctx, order));
  return sessionId === null ? null : ctx.payments.closePage(sessionId);
}

/**
 * The page of an order whose first try died at Stripe, so that we never heard of it. Asking for it again brings it to
 * light, and takes its key, so that a try still on its way cannot open one after this. That Stripe opens none so late
 * does not prove that there is none, because it judges most parameters before it looks for the key. But nobody can pay
 * on a page that stays in the dark: its address is stored before it is shown. Past its hour it is over by itself, and
 * all there is to ask is whether it was paid. Money that comes all the same is brought by webhook or reconciliation.
 * https://docs.stripe.com/error-low-level#content-errors
 */
async function findSession(ctx: CheckoutContext, order: StoredOrder): Promise<string | null> {
  const request = paymentRequest(order);
  const page = isPageOver(request, ctx.now())
    ? await ctx.payments.findCompleted(request)
    : await openAgain(ctx, request);
  return page?.sessionId ?? null;
}

async function openAgain(ctx: CheckoutContext, request: PageRequest): Promise<PaymentPage | null> {
  try {
    return await ctx.payments.openPage(request);
  } catch (error) {
    if (error instanceof PaymentRefused) return null;
    throw error;
  }
}
