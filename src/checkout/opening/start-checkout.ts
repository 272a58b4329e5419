import { type StoredOrder, setPaymentSession } from "../../orders/index.ts";
import { PaymentRefused, type PaymentSession } from "../../payments/index.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { replay, sealAnswer } from "../../platform/idempotency/answer.ts";
import type { KeyUse } from "../../platform/idempotency/key-use.ts";
import { letNextTryIn } from "../../platform/idempotency/let-next-try-in.ts";
import { type Performed, refuse } from "../../platform/idempotency/perform.ts";
import { findKey, KEY_TAKEN } from "../../platform/idempotency/store.ts";
import { maxAmount } from "../../platform/money.ts";
import { requirePerson } from "../../platform/turnstile.ts";
import type { CheckoutContext } from "../context.ts";
import { sessionRequest } from "../session-request.ts";
import { storeAnswerIfAlive } from "../store.ts";
import { type Checkout, type NewCheckout, refuseUndelivered } from "./checkout.ts";
import { finishFree } from "./finish-free.ts";
import { explainRefusedOrder, openOrder } from "./open-order.ts";
import { presentCheckout } from "./present-checkout.ts";
import { type Attempt, answerEnded, giveUp } from "./refuse-checkout.ts";
import { resumeCheckout } from "./resume-checkout.ts";

const CREATED = 201;

/**
 * Makes the order of a hold and its session at the payment provider:
 *
 *     1. the key as started, the hold, the order    one batch
 *     2. the session, under the order's own key     the provider
 *     3. the session and the key's answer           one batch
 *
 * Dead after 1: the next try of the key finds the order and goes on at 2; without one, the sweep closes what may be open.
 * Dead after 2: the same request makes the same session, and 3 is written then. An order with nothing to pay has no
 * session: it is paid in 3. Throws `RESERVATION_EXPIRED`, `INSUFFICIENT_STOCK`, `VALIDATION_FAILED`,
 * `BUSINESS_RULE_VIOLATION`, `UPSTREAM_FAILED`.
 */
export async function startCheckout(
  ctx: CheckoutContext,
  use: KeyUse,
  input: NewCheckout,
): Promise<Performed<Checkout>> {
  await refuseUndelivered(ctx, input);
  const begun = await begin(ctx, use, input);
  if ("body" in begun) return begun;
  try {
    return { body: await finish(ctx, { use, input, order: begun.order }), replayed: false };
  } catch (error) {
    if (!(error instanceof AppError)) await letNextTryIn(ctx, use);
    throw error;
  }
}

/** Phase one, or what an earlier try of this key has come to. */
async function begin(
  ctx: CheckoutContext,
  use: KeyUse,
  input: NewCheckout,
): Promise<Performed<Checkout> | { readonly order: StoredOrder }> {
  try {
    if (input.items !== undefined)
      await requirePerson(ctx, { token: input.turnstileToken, key: use.marks[0].key });
    return { order: await openOrder(ctx, use, input) };
  } catch (error) {
    const known = refusedBy(error, KEY_TAKEN) || (await isUsed(ctx, use, error));
    if (known) return resumeCheckout(ctx, use);
    const refusal =
      error instanceof AppError ? error : await explainRefusedOrder(ctx, error, input);
    if (refusal !== undefined) return refuse(ctx, use, { refusal, statements: [] });
    await letNextTryIn(ctx, use);
    throw error;
  }
}

/** A retry may come when its token is good no more: what its key has begun goes on all the same. */
async function isUsed(ctx: CheckoutContext, use: KeyUse, error: unknown): Promise<boolean> {
  return error instanceof AppError && (await ctx.db.run(findKey(use, ctx.now()))).length > 0;
}

/** Phases two and three: the session at Stripe, then the session and the answer in one batch. */
async function finish(ctx: CheckoutContext, attempt: Attempt): Promise<{ data: Checkout }> {
  const { use, order } = attempt;
  const over = order.status !== "pending_payment" || order.holdEndsAt <= ctx.now();
  if (order.total === 0) return over ? answerEnded(ctx, use) : finishFree(ctx, attempt);
  const session = over ? null : await askForSession(ctx, attempt);
  if (session instanceof PaymentRefused) return giveUp(ctx, attempt, session);
  if (session === null || session.state === "expired") return answerEnded(ctx, use);
  const body = { data: await presentCheckout(ctx, order, session.url ?? order.successUrl) };
  const [payment] = order.payments;
  if (payment === undefined) throw new Error("The order has no payment.");
  const [, , [row]] = await ctx.db.batch([
    setPaymentSession(payment.id, session, ctx.now()),
    storeAnswerIfAlive(use, {
      ...{ subject: order.id, status: CREATED },
      body: await sealAnswer(use, body),
    }),
    findKey(use, ctx.now()),
  ]);
  // Given back or expired while Stripe was asked: whoever did that has closed this very session.
  if (row === undefined || row.status === null) return answerEnded(ctx, use);
  return replay<Checkout>(use, row);
}

async function askForSession(
  ctx: CheckoutContext,
  attempt: Attempt,
): Promise<PaymentSession | PaymentRefused> {
  const { order } = attempt;
  if (order.total > maxAmount(order.currency))
    return new PaymentRefused("It is more than one payment can be.", { about: "items" });
  try {
    return await ctx.payments.openSession(sessionRequest(order));
  } catch (error) {
    if (error instanceof PaymentRefused) return error;
    await letNextTryIn(ctx, attempt.use);
    throw new AppError(
      "UPSTREAM_FAILED",
      "The payment provider did not answer. Nothing was charged; send the same request again.",
      { headers: { "Retry-After": "2" }, cause: error },
    );
  }
}
