import type Stripe from "stripe";
import type { PaymentOrigin } from "../payment-session.ts";
import { EXPANDED, readSession } from "./session.ts";

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
  providerPaymentId: string,
): Promise<PaymentOrigin | null> {
  const { data } = await stripe.checkout.sessions.list({
    payment_intent: providerPaymentId,
    expand: [`data.${EXPANDED}`],
    limit: 1,
  });
  const [session] = data;
  if (session === undefined) return null;
  return { orderId: orderIdOf(session), session: readSession(session) };
}
