import type Stripe from "stripe";
import type { SessionRequest } from "../payment-session.ts";
import { makeOnce } from "./make-once.ts";
import { shippingOf } from "./session-params.ts";

/**
 * The customer of an order that is taxed where it goes. On a page that asks for no delivery address Stripe taxes by the
 * one that the customer has, and only without one by where the card's bill goes: a gift abroad would be taxed at home.
 * Null where the page asks itself, or nothing is taxed. https://docs.stripe.com/tax/checkout#create-session
 */
export async function makeCustomer(
  stripe: Stripe,
  { orderId, tax, address, email }: SessionRequest,
): Promise<string | null> {
  if (tax === null || address === null) return null;
  const customer = await makeOnce(
    `customer:${orderId}`,
    (idempotencyKey) =>
      stripe.customers.create(
        {
          name: address.name,
          shipping: shippingOf(address),
          ...(email === null ? {} : { email }),
          metadata: { orderId },
        },
        { idempotencyKey },
      ),
    async () => undefined, // one that nobody pays with is nothing to look for
  );
  return customer.id;
}
