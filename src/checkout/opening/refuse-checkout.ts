import { ORDER_CHANGED, type StoredOrder } from "../../orders/index.ts";
import type { PaymentRefused } from "../../payments/index.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError, STATUS_OF } from "../../platform/errors.ts";
import { replay, sealAnswer, storedError } from "../../platform/idempotency/answer.ts";
import type { KeyUse } from "../../platform/idempotency/key-use.ts";
import { findKey, storeAnswer } from "../../platform/idempotency/store.ts";
import type { CheckoutContext } from "../context.ts";
import { cancelAndKeepHold, cancelUnpaid } from "../end-order.ts";
import type { Checkout, NewCheckout } from "./checkout.ts";

const REASON = "payment_refused";
const TOO_LITTLE =
  "This code would leave too little to pay. Choose something more, or leave the code out.";

/** One try of a checkout, from the moment that its order is there. */
export interface Attempt {
  readonly use: KeyUse;
  readonly input: NewCheckout;
  readonly order: StoredOrder;
}

/** Stripe will never take this order: it is canceled, and the key's answer says why, at the field that it is about. */
export async function giveUp(
  ctx: CheckoutContext,
  attempt: Attempt,
  error: PaymentRefused,
): Promise<{ data: Checkout }> {
  const byCode = error.tooSmall && attempt.order.discount > 0;
  const { about, reason } = error;
  const fields = {
    ...(byCode ? { discountCode: TOO_LITTLE } : {}),
    ...(about === undefined ? {} : { [about]: reason }),
  };
  const refusal = new AppError("BUSINESS_RULE_VIOLATION", `This cannot be paid: ${reason}`, {
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    cause: error,
  });
  return keepHold(ctx, attempt, refusal);
}

/**
 * Cancels an order that no payment session was opened for, and answers the key with why. The hold that the customer came
 * with stays as it was, for another try; one that this very call has made is free again.
 */
export async function keepHold(
  ctx: CheckoutContext,
  { use, input, order }: Attempt,
  refusal: AppError,
): Promise<{ data: Checkout }> {
  const body = await sealAnswer(use, storedError(refusal, ctx.requestId));
  const cancel = input.reservationId === undefined ? cancelUnpaid : cancelAndKeepHold;
  const ending = cancel(ctx, order, REASON).statements;
  try {
    await ctx.db.batch([...ending, storeAnswer(use, STATUS_OF[refusal.code], body)]);
  } catch (changed) {
    if (refusedBy(changed, ORDER_CHANGED)) return answerEnded(ctx, use);
    throw changed;
  }
  throw refusal;
}

/** The hold was over before the payment session was there: the key's answer says so, if no other try of it has got one. */
export async function answerEnded(ctx: CheckoutContext, use: KeyUse): Promise<{ data: Checkout }> {
  const ended = new AppError(
    "RESERVATION_EXPIRED",
    "The reservation has ended. Reserve again to go on.",
  );
  const answer = await sealAnswer(use, storedError(ended, ctx.requestId));
  const [, [row]] = await ctx.db.batch([
    storeAnswer(use, STATUS_OF.RESERVATION_EXPIRED, answer),
    findKey(use, ctx.now()),
  ]);
  if (row === undefined || row.body === answer) throw ended;
  return replay<Checkout>(use, row);
}
