import Stripe from "stripe";
import { PaymentRefused, PaymentUnavailable } from "../errors.ts";

/** https://docs.stripe.com/error-handling: only a rejected request is final; a rejected key is ours to mend. */
export function asPaymentError(error: unknown): PaymentRefused | PaymentUnavailable {
  if (error instanceof PaymentRefused || error instanceof PaymentUnavailable) return error;
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    // https://docs.stripe.com/error-codes#amount-too-small
    const tooSmall = error.code === "amount_too_small";
    return new PaymentRefused(error.message, { tooSmall, cause: error });
  }
  return new PaymentUnavailable("Stripe could not be asked", { cause: error });
}
