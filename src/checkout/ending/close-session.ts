import type { StoredOrder } from "../../orders/index.ts";
import { PaymentRefused, type PaymentSession, type SessionRequest } from "../../payments/index.ts";
import type { CheckoutContext } from "../context.ts";
import { sessionRequest } from "../session-request.ts";

/**
 * Makes sure that nobody can pay for the order any more, and says how its session ended; null when none was heard of.
 * Throws when Stripe cannot be asked.
 */
export async function closeSession(
  ctx: CheckoutContext,
  order: StoredOrder,
): Promise<PaymentSession | null> {
  if (order.total === 0) return null; // nothing to pay, so nobody was asked for a session
  const sessionId = order.payments[0]?.sessionId ?? (await findSession(ctx, order));
  return sessionId === null ? null : ctx.payments.closeSession(sessionId);
}

/**
 * The session of an order whose first try died at Stripe, so that we never heard of it. Asking for it again brings it to
 * light, and takes its key, so that a try still on its way cannot open one after this. That Stripe opens none so late
 * does not prove that there is none, because it judges most parameters before it looks for the key. But nobody can pay
 * on a session that stays in the dark: its address is stored before it is shown. Past its hour it is over by itself, and
 * all there is to ask is whether it was paid. Money that comes all the same is brought by webhook or reconciliation.
 * https://docs.stripe.com/error-low-level#content-errors
 */
async function findSession(ctx: CheckoutContext, order: StoredOrder): Promise<string | null> {
  const request = sessionRequest(order);
  const session = ctx.payments.isSessionOver(request, ctx.now())
    ? await ctx.payments.findCompleted(request)
    : await openAgain(ctx, request);
  return session?.sessionId ?? null;
}

async function openAgain(
  ctx: CheckoutContext,
  request: SessionRequest,
): Promise<PaymentSession | null> {
  try {
    return await ctx.payments.openSession(request);
  } catch (error) {
    if (error instanceof PaymentRefused) return null;
    throw error;
  }
}
