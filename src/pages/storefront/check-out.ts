import { startCheckout } from "../../checkout/index.ts";
import { browserHashOf } from "../../orders/index.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import { sign } from "../../platform/crypto.ts";
import { AppError } from "../../platform/errors.ts";
import { guest } from "../../platform/http/access.ts";
import { readKey } from "../../platform/idempotency/request.ts";
import type { PageContext } from "../context.ts";
import type { FieldErrors, Form } from "../form.ts";
import { paymentUrlOf } from "../orders/payment-url.ts";
import { checkoutInput, checkoutInputAgain, readCheckoutForm } from "./checkout-input.ts";
import { type HoldView, standingOf } from "./reservation.ts";

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
 * tab or after a failure at Stripe, it goes on where it was. Throws `RESERVATION_EXPIRED`, `CONFLICT`, `UPSTREAM_FAILED`.
 */
export async function checkOut(
  ctx: PageContext,
  { hold, form, browser }: CheckoutForm,
): Promise<CheckedOut> {
  const { reservation, order } = hold;
  const browserHash = await browserHashOf(browser);
  const { stage } = standingOf(hold);
  if (stage === "expired") {
    throw new AppError(
      "RESERVATION_EXPIRED",
      "The reservation has ended. Nothing was ordered or charged.",
    );
  }
  if (stage === "ended" && reservation.status === "expired")
    throw new AppError("RESERVATION_EXPIRED", "The reservation has ended already.");
  if (stage !== "choose" && stage !== "pay") throw over();
  if (order === undefined) {
    const read = readCheckoutForm(form);
    if ("errors" in read) return read;
    return startOrSay(ctx, checkoutInput(ctx.config, reservation.id, read), browserHash);
  }
  const paymentUrl = paymentUrlOf(order);
  if (paymentUrl !== undefined) return { paymentUrl };
  const again = checkoutInputAgain(ctx.config, order);
  if (again === undefined) throw over();
  return start(ctx, again, browserHash);
}

function over(): AppError {
  return new AppError("CONFLICT", "This reservation is no longer waiting for a checkout.");
}

/** A code that is no good is a matter of its field; the hold stays, to try again with another or without. */
async function startOrSay(
  ctx: PageContext,
  input: Input,
  browserHash: string,
): Promise<CheckedOut> {
  try {
    return await start(ctx, input, browserHash);
  } catch (error) {
    const wrong = error instanceof AppError ? error.extras.fields?.["discountCode"] : undefined;
    if (wrong === undefined) throw error;
    return { errors: { discountCode: wrong } };
  }
}

/**
 * A hold has one order, so its id is the key. With a code it is one key for each form that is sent: what is refused may
 * be sent again with another code, or from another address.
 */
async function keyOf(ctx: PageContext, input: Input): Promise<string> {
  const { reservationId = "", discountCode } = input;
  if (discountCode === undefined) return reservationId;
  const form = await sign(ctx.config.tokenSecret, "checkout-form", JSON.stringify(input));
  return `${reservationId}:${form}`;
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
    header: await keyOf(ctx, input),
    route: "POST /reservations/{id}/checkout",
    input,
  });
  if (use === undefined) throw over();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { body } = await startCheckout(ctx, use, { ...input, browserHash });
      return { paymentUrl: body.data.paymentUrl };
    } catch (error) {
      const busy = error instanceof AppError && error.code === "IDEMPOTENCY_KEY_IN_USE";
      if (!busy || attempt >= TRIES_WHILE_BUSY) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
