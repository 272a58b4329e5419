import { startCheckout } from "../../checkout/index.ts";
import { browserHashOf, type StoredOrder } from "../../orders/index.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import { AppError } from "../../platform/errors.ts";
import { sha256 } from "../../platform/hash.ts";
import { guest } from "../../platform/http/access.ts";
import { readKey } from "../../platform/idempotency/key-use.ts";
import type { PageContext } from "../context.ts";
import type { FieldErrors, Form } from "../form.ts";
import { paymentUrlOf } from "../orders/payment-url.ts";
import {
  checkoutInput,
  checkoutInputAgain,
  errorsOfForm,
  readCheckoutForm,
} from "./checkout-input.ts";
import { orderedOtherwise } from "./ordered-otherwise.ts";
import { type HoldView, type Standing, shipsSomething, standingOf } from "./reservation.ts";

const TRIES_WHILE_BUSY = 6;
const PAUSE_MS = SECOND_MS;

type Input = Parameters<typeof startCheckout>[2];

interface CheckoutForm {
  readonly hold: HoldView;
  readonly form: Form;
  /** The secret of the browser that sends it. */
  readonly browser: string;
}

export type CheckedOut = { readonly paymentUrl: string } | { readonly errors: FieldErrors };

/**
 * Takes a hold to its payment page. A hold has one order, so its id is the idempotency key: sent twice, from a second
 * tab or after a failure at Stripe, it goes on where it was, unless the form says something else than the order. Throws `RESERVATION_EXPIRED`, `CONFLICT`, `UPSTREAM_FAILED`.
 */
export async function checkOut(
  ctx: PageContext,
  { hold, form, browser }: CheckoutForm,
): Promise<CheckedOut> {
  const { reservation, order } = hold;
  const browserHash = await browserHashOf(browser);
  const problem = whyTooLate(reservation, standingOf(hold, ctx.now()).stage);
  if (problem !== undefined) throw problem;
  if (order === undefined) {
    const read = readCheckoutForm(ctx.config, form, shipsSomething(hold));
    if ("errors" in read) return read;
    return startOrSay(ctx, checkoutInput(ctx.config, reservation.id, read), browserHash);
  }
  const otherwise = orderedOtherwise(order, form);
  if (otherwise.length > 0) throw notTakenOver(order, otherwise);
  const paymentUrl = paymentUrlOf(order);
  if (paymentUrl !== undefined) return { paymentUrl };
  const again = checkoutInputAgain(ctx.config, order);
  if (again === undefined) throw over();
  return start(ctx, again, browserHash);
}

/** What keeps a hold from its payment: what has ended, or is ending, and what is paid already. */
function whyTooLate(
  { status }: HoldView["reservation"],
  stage: Standing["stage"],
): AppError | undefined {
  if (stage === "choose" || stage === "pay") return undefined;
  const ended = (words: string) => new AppError("RESERVATION_EXPIRED", words);
  if (stage === "closing") return ended("The time for the payment is over.");
  if (stage === "expired")
    return ended("The reservation has ended. Nothing was ordered or charged.");
  if (stage === "ended" && status === "expired") return ended("The reservation has ended already.");
  return over();
}

function over(): AppError {
  return new AppError("CONFLICT", "This reservation is no longer waiting for a checkout.");
}

/** Never silently: the parcel would go somewhere else than the form says that was sent last. */
function notTakenOver({ number }: StoredOrder, labels: readonly string[]): AppError {
  return new AppError(
    "CONFLICT",
    `Order #${number} was made of this reservation before, with something else in: ${labels.join(", ")}. Nothing of what you have just sent was taken over.`,
  );
}

/** What is wrong with a field is said there; the hold stays, to try again. */
async function startOrSay(
  ctx: PageContext,
  input: Input,
  browserHash: string,
): Promise<CheckedOut> {
  try {
    return await start(ctx, input, browserHash);
  } catch (error) {
    const errors = error instanceof AppError ? errorsOfForm(error.extras.fields ?? {}) : {};
    if (Object.keys(errors).length === 0) throw error;
    return { errors };
  }
}

/** One key for each form that is sent: what is refused may be sent again with another code, or to another address. */
async function keyOf(input: Input): Promise<string> {
  return `${input.reservationId ?? ""}:${await sha256(JSON.stringify(input))}`;
}

/** The second of two clicks waits for the first one's answer. */
async function start(
  ctx: PageContext,
  input: Input,
  browserHash: string,
): Promise<{ readonly paymentUrl: string }> {
  const id = input.reservationId ?? "";
  // Whoever may see the hold is its holder: from wherever the request comes, before and after signing in.
  const holder = { ...ctx, actor: guest(id) };
  const use = await readKey(holder, {
    header: await keyOf(input),
    route: "POST /reservations/{id}/checkout",
    input,
  });
  if (use === undefined) throw over();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { body } = await startCheckout(ctx, use, { ...input, browserHash });
      return { paymentUrl: body.data.paymentUrl ?? input.successUrl };
    } catch (error) {
      const busy = error instanceof AppError && error.code === "IDEMPOTENCY_KEY_IN_USE";
      if (!busy || attempt >= TRIES_WHILE_BUSY) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
