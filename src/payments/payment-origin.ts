import type Stripe from "stripe";
import { type PaymentPage, readSession } from "./payment-page.ts";

/** Where a payment was made. */
export interface PaymentOrigin {
  /** The order's id as the shop wrote it on the page; null for a page of another integration. */
  readonly orderId: string | null;
  readonly page: PaymentPage;
}

/**
 * The order that a payment page is for. The `client_reference_id` says it too, for whoever looks at Stripe's dashboard,
 * but on a payment link a customer can write it. https://docs.stripe.com/payment-links/url-parameters
 */
export function orderIdOf({ metadata }: Pick<Stripe.Checkout.Session, "metadata">): string | null {
  return metadata?.["orderId"] ?? null;
}

/** The payment page on which a PaymentIntent was paid; null for one that no page has made. */
export async function findOrigin(
  stripe: Stripe,
  paymentIntentId: string,
): Promise<PaymentOrigin | null> {
  const { data } = await stripe.checkout.sessions.list({
    payment_intent: paymentIntentId,
    expand: ["data.payment_intent"],
    limit: 1,
  });
  const [session] = data;
  if (session === undefined) return null;
  return { orderId: orderIdOf(session), page: readSession(session) };
}
