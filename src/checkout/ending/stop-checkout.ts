import { markStopping, type Stepped, type StoredOrder } from "../../orders/index.ts";
import { AppError } from "../../platform/errors.ts";
import type { CheckoutContext } from "../context.ts";
import { cancelUnpaid, failUnpaid } from "../end-order.ts";
import { applySession } from "../settling/apply-session.ts";
import { closeSession } from "./close-session.ts";

/**
 * Sees to it that nobody can pay for an order that waits for its payment, and says how it ends then:
 *
 *     1. that it is to end, and why    one batch
 *     2. its session is closed         the provider
 *
 * The provider's word that it is closed can be faster than its answer, and 1 says what to make of it. Undefined when
 * Stripe says that it was paid, or handed to a bank, meanwhile: that has been written down, and the order is another.
 * `evenAtBank` gives up what a bank is known to work on; money that still comes goes back by itself. Throws
 * `UPSTREAM_FAILED`, and the order goes on: once its session is closed all the same, it is canceled.
 */
export async function stopCheckout(
  ctx: CheckoutContext,
  order: StoredOrder,
  how: { readonly reason: string; readonly evenAtBank: boolean },
): Promise<Stepped | undefined> {
  await ctx.db.run(markStopping(order.id, { reason: how.reason, actor: ctx.actor.label }));
  const session = await closeSession(ctx, order).catch((cause: unknown) => {
    throw notClosed(cause);
  });
  if (session === null || session.state === "expired") return cancelUnpaid(ctx, order, how.reason);
  if (session.state === "failed") return failUnpaid(ctx, order, session.email);
  const known = session.state === "processing" && order.paymentStatus === "processing";
  if (known && how.evenAtBank) return cancelUnpaid(ctx, order, how.reason);
  await applySession(ctx, order, session);
  return undefined;
}

function notClosed(cause: unknown): AppError {
  return new AppError(
    "UPSTREAM_FAILED",
    "The payment page could not be closed yet. Please try again.",
    { headers: { "Retry-After": "2" }, cause },
  );
}
