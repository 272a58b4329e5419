import Stripe from "stripe";

/** Stripe understood and said no; asking again changes nothing. `reason` is Stripe's sentence. */
export class PaymentRefused extends Error {
  override readonly name = "PaymentRefused";
  readonly reason: string;
  /** Below the least that this account can be paid, which its settlement currency decides. https://docs.stripe.com/error-codes#amount-too-small */
  readonly tooSmall: boolean;

  constructor(reason: string, cause?: unknown) {
    super(`Stripe refused: ${reason}`, { cause });
    this.reason = reason;
    this.tooSmall = cause instanceof Stripe.errors.StripeError && cause.code === "amount_too_small";
  }
}

/** Stripe could not be asked, or did not know: the same request may be sent again. */
export class PaymentUnavailable extends Error {
  override readonly name = "PaymentUnavailable";
}

/** https://docs.stripe.com/error-handling: only a rejected request is final; a rejected key is ours to mend. */
export function asPaymentError(error: unknown): PaymentRefused | PaymentUnavailable {
  if (error instanceof PaymentRefused || error instanceof PaymentUnavailable) return error;
  if (error instanceof Stripe.errors.StripeInvalidRequestError)
    return new PaymentRefused(error.message, error);
  return new PaymentUnavailable("Stripe could not be asked", { cause: error });
}
