import type Stripe from "stripe";
import type { PaymentOrigin } from "../payment-session.ts";
import { markOf } from "./mark.ts";
import { memoOf } from "./memo.ts";
import { addressOf, EXPANDED, readSession } from "./session.ts";

/**
 * The order that a payment page is for. The `client_reference_id` says it too, for whoever looks at Stripe's dashboard,
 * but on a payment link a customer can write it. https://docs.stripe.com/payment-links/url-parameters
 */
export function orderIdOf({ metadata }: Pick<Stripe.Checkout.Session, "metadata">): string | null {
  return metadata?.["orderId"] ?? null;
}

/** A session with what the shop wrote on it. */
export function originOf(session: Stripe.Checkout.Session, shopId: string): PaymentOrigin {
  const intent = session.payment_intent;
  const shipping = typeof intent === "object" && intent !== null ? intent.shipping : null;
  return {
    orderId: orderIdOf(session),
    mark: markOf(session.metadata, shopId),
    session: readSession(session),
    memo: memoOf(session.metadata),
    deliverTo: addressOf(shipping),
  };
}

/** The payment page on which a PaymentIntent was paid; null for one that no page has made. */
export async function findOrigin(
  stripe: Stripe,
  providerPaymentId: string,
  shopId: string,
): Promise<PaymentOrigin | null> {
  const { data } = await stripe.checkout.sessions.list({
    payment_intent: providerPaymentId,
    expand: [`data.${EXPANDED}`],
    limit: 1,
  });
  const [session] = data;
  return session === undefined ? null : originOf(session, shopId);
}
