import type Stripe from "stripe";
import type { PaymentOrigin } from "../payment-session.ts";
import { markOf } from "./mark.ts";
import { readSession } from "./session.ts";

/**
 * The order that a payment page is for. The `client_reference_id` says it too, for whoever looks at Stripe's dashboard,
 * but on a payment link a customer can write it. https://docs.stripe.com/payment-links/url-parameters
 */
export function orderIdOf({ metadata }: Pick<Stripe.Checkout.Session, "metadata">): string | null {
  return metadata?.["orderId"] ?? null;
}

export function originOf(session: Stripe.Checkout.Session, shopId: string): PaymentOrigin {
  const mark = markOf(session.metadata, shopId);
  return { orderId: orderIdOf(session), mark, session: readSession(session) };
}

/** The payment page on which a PaymentIntent was paid; null for one that no page has made. */
export async function findOrigin(
  stripe: Stripe,
  providerPaymentId: string,
  shopId: string,
): Promise<PaymentOrigin | null> {
  const { data } = await stripe.checkout.sessions.list({
    payment_intent: providerPaymentId,
    expand: ["data.payment_intent"],
    limit: 1,
  });
  const [session] = data;
  return session === undefined ? null : originOf(session, shopId);
}
