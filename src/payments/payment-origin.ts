import type Stripe from "stripe";
import { type PaymentPage, readSession } from "./payment-page.ts";

/** Where a payment was made. */
export interface PaymentOrigin {
  /** The order's id as the shop gave it to the page; of another integration's page, whatever that one wrote. */
  readonly orderId: string | null;
  readonly page: PaymentPage;
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
  return { orderId: session.client_reference_id, page: readSession(session) };
}
