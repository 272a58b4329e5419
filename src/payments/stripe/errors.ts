import Stripe from "stripe";
import { PaymentRefused, PaymentUnavailable, type Refused } from "../errors.ts";

/** How a parameter of a Checkout Session, or of its customer, begins → what a checkout calls it. */
const ABOUT: readonly (readonly [param: string, about: Refused])[] = [
  ["customer_email", "email"],
  ["email", "email"],
  ["name", "shippingAddress.name"],
  ["shipping[name]", "shippingAddress.name"],
  ["shipping[address][line1]", "shippingAddress.line1"],
  ["shipping[address][line2]", "shippingAddress.line2"],
  ["shipping[address][city]", "shippingAddress.city"],
  ["shipping[address][state]", "shippingAddress.region"],
  ["shipping[address][postal_code]", "shippingAddress.postalCode"],
  ["shipping[address][country]", "shippingAddress.country"],
  ["shipping", "shippingAddress"],
  ["line_items", "items"],
  ["success_url", "successUrl"],
  ["cancel_url", "cancelUrl"],
];

function aboutOf({ param }: Stripe.errors.StripeInvalidRequestError): Refused | undefined {
  // A session has the delivery with its payment, in the same words as a customer has it.
  const named = param?.replace(/^payment_intent_data\[shipping\]/, "shipping");
  return ABOUT.find(([start]) => named === start || named?.startsWith(`${start}[`))?.[1];
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
