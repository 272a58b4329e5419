import { findUser } from "../../identity/index.ts";
import { ORDER_CHANGED, type StoredOrder } from "../../orders/index.ts";
import { refusedBy } from "../../platform/db.ts";
import { type AppError, invalidField } from "../../platform/errors.ts";
import { replay, sealAnswer } from "../../platform/idempotency/answer.ts";
import { findKey, storeAnswer } from "../../platform/idempotency/store.ts";
import { wakePromises } from "../../platform/outbox/store.ts";
import type { CheckoutContext } from "../context.ts";
import { sellFree } from "../sell-free.ts";
import type { Checkout } from "./checkout.ts";
import { presentCheckout } from "./present-checkout.ts";
import { type Attempt, answerEnded, keepHold } from "./refuse-checkout.ts";

const CREATED = 201;

/**
 * An order with nothing to pay is paid at once: the hold is a sale, the receipt is promised, and the key is answered, in
 * one batch. No page asks for what is missing then. Throws `VALIDATION_FAILED`, and the hold stays.
 */
export async function finishFree(
  ctx: CheckoutContext,
  attempt: Attempt,
): Promise<{ data: Checkout }> {
  const { use, order } = attempt;
  const email = order.email ?? (await ownEmail(ctx));
  const missing = whatIsMissing(order, email);
  if (email === null || missing !== undefined) return keepHold(ctx, attempt, missing ?? noEmail());
  const body = { data: await presentCheckout(ctx, order, null) };
  const { statements, promised } = sellFree(ctx, order, email);
  try {
    await ctx.db.batch([...statements, storeAnswer(use, CREATED, await sealAnswer(use, body))]);
  } catch (error) {
    if (!refusedBy(error, ORDER_CHANGED)) throw error;
    // Another try of the key was faster, or somebody has given the hold back.
    const [row] = await ctx.db.run(findKey(use, ctx.now()));
    return row === undefined || row.status === null
      ? answerEnded(ctx, use)
      : replay<Checkout>(use, row);
  }
  wakePromises(ctx, promised);
  return body;
}

async function ownEmail(ctx: CheckoutContext): Promise<string | null> {
  const { user } = ctx.actor;
  if (user === null || user === undefined) return null;
  const [row] = await ctx.db.run(findUser(user.id));
  return row?.email ?? null;
}

function whatIsMissing(order: StoredOrder, email: string | null): AppError | undefined {
  if (email === null) return noEmail();
  const asks = order.paymentTerms.countries.length > 0 && order.shippingAddress === null;
  return asks ? invalidField("shippingAddress", needed("Where is it to go?")) : undefined;
}

function noEmail(): AppError {
  return invalidField("email", needed("Where is the receipt to go?"));
}

function needed(question: string): string {
  return `${question} Nothing is to be paid, so no payment page asks for it.`;
}
