import { startCheckout } from "../../checkout/index.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import { sign } from "../../platform/crypto.ts";
import { AppError } from "../../platform/errors.ts";
import { guest } from "../../platform/http/access.ts";
import { readKey } from "../../platform/idempotency/request.ts";
import type { PageContext } from "../context.ts";
import type { FieldErrors, Form } from "../form.ts";
import { paymentUrlOf } from "../orders/payment-url.ts";
import {
  checkoutInput,
  checkoutInputAgain,
  errorsOfForm,
  readCheckoutForm,
} from "./checkout-input.ts";
import { type HoldView, shipsSomething, standingOf } from "./reservation.ts";

const TRIES_WHILE_BUSY = 6;
const PAUSE_MS = SECOND_MS;

type Input = Parameters<typeof startCheckout>[2];

export type CheckedOut = { readonly paymentUrl: string } | { readonly errors: FieldErrors };

/**
 * Takes a hold to its payment page. A hold has one order, so its id is the idempotency key: sent twice, from a second
 * tab or after a failure at Stripe, it goes on where it was. Throws `RESERVATION_EXPIRED`, `CONFLICT`, `UPSTREAM_FAILED`.
 */
export async function checkOut(ctx: PageContext, hold: HoldView, form: Form): Promise<CheckedOut> {
  const { reservation, order } = hold;
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
    const read = readCheckoutForm(ctx.config, form, shipsSomething(hold));
    if ("errors" in read) return read;
    return startOrSay(ctx, checkoutInput(ctx.config, reservation.id, read));
  }
  const paymentUrl = paymentUrlOf(order);
  if (paymentUrl !== undefined) return { paymentUrl };
  const again = checkoutInputAgain(ctx.config, order);
  if (again === undefined) throw over();
  return start(ctx, again);
}

function over(): AppError {
  return new AppError("CONFLICT", "This reservation is no longer waiting for a checkout.");
}

/** What is wrong with a field is said there; the hold stays, to try again. */
async function startOrSay(ctx: PageContext, input: Input): Promise<CheckedOut> {
  try {
    return await start(ctx, input);
  } catch (error) {
    const errors = error instanceof AppError ? errorsOfForm(error.extras.fields ?? {}) : {};
    if (Object.keys(errors).length === 0) throw error;
    return { errors };
  }
}

/** One key for each form that is sent: what is refused may be sent again with another code, or to another address. */
async function keyOf(ctx: PageContext, input: Input): Promise<string> {
  const form = await sign(ctx.config.tokenSecret, "checkout-form", JSON.stringify(input));
  return `${input.reservationId ?? ""}:${form}`;
}

/** The second of two clicks waits for the first one's answer. */
async function start(ctx: PageContext, input: Input): Promise<{ readonly paymentUrl: string }> {
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
      const { body } = await startCheckout(ctx, use, input);
      return { paymentUrl: body.data.paymentUrl ?? input.successUrl };
    } catch (error) {
      const busy = error instanceof AppError && error.code === "IDEMPOTENCY_KEY_IN_USE";
      if (!busy || attempt >= TRIES_WHILE_BUSY) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
