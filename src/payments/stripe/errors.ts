import Stripe from "stripe";
import { PaymentRefused, PaymentUnavailable, type Refused } from "../errors.ts";

/** How a parameter of a Checkout Session begins → what a checkout calls it. */
const ABOUT: readonly (readonly [param: string, about: Refused])[] = [
  ["customer_email", "email"],
  ["payment_intent_data[shipping][name]", "shippingAddress.name"],
  ["payment_intent_data[shipping][address][line1]", "shippingAddress.line1"],
  ["payment_intent_data[shipping][address][line2]", "shippingAddress.line2"],
  ["payment_intent_data[shipping][address][city]", "shippingAddress.city"],
  ["payment_intent_data[shipping][address][state]", "shippingAddress.region"],
  ["payment_intent_data[shipping][address][postal_code]", "shippingAddress.postalCode"],
  ["payment_intent_data[shipping][address][country]", "shippingAddress.country"],
  ["payment_intent_data[shipping]", "shippingAddress"],
  ["line_items", "items"],
  ["success_url", "successUrl"],
  ["cancel_url", "cancelUrl"],
];

function aboutOf({ param }: Stripe.errors.StripeInvalidRequestError): Refused | undefined {
  return ABOUT.find(([start]) => param?.startsWith(start))?.[1];
}

/** https://docs.stripe.com/error-handling: only a rejected request is final; a rejected key is ours to mend. */
export function asPaymentError(error: unknown): PaymentRefused | PaymentUnavailable {
  if (error instanceof PaymentRefused || error instanceof PaymentUnavailable) return error;
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    // https://docs.stripe.com/error-codes#amount-too-small
    const tooSmall = error.code === "amount_too_small";
    return new PaymentRefused(error.message, {
      ...{ tooSmall, cause: error },
      about: tooSmall ? undefined : aboutOf(error),
    });
  }
  return new PaymentUnavailable("Stripe could not be asked", { cause: error });
}
