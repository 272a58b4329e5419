import type Stripe from "stripe";
import type { Money } from "../platform/money.ts";
import { fromStripe } from "./stripe-amount.ts";

/** A Checkout Session in the shop's words. */
export interface PaymentPage {
  readonly sessionId: string;
  /** Where the customer pays; null once nobody can. */
  readonly url: string | null;
  /** `processing`: done by the customer, but the bank has yet to pay. */
  readonly state: "open" | "expired" | "processing" | "failed" | "paid";
  readonly total: Money;
  readonly paymentIntentId: string | null;
  readonly email: string | null;
}

/** Reads a session; `completed` is not `paid`, so the payment's own status decides. */
export function readSession(session: Stripe.Checkout.Session): PaymentPage {
  const intent = session.payment_intent;
  return {
    sessionId: session.id,
    url: session.url,
    state: stateOf(session),
    total: totalOf(session),
    paymentIntentId: typeof intent === "string" ? intent : (intent?.id ?? null),
    email: (session.customer_details?.email ?? session.customer_email)?.toLowerCase() ?? null,
  };
}

/** What was received once it was, whatever the session had asked for; before that, what it asks for. */
function totalOf({ payment_intent: intent, ...session }: Stripe.Checkout.Session): Money {
  const paid = session.payment_status === "paid" && typeof intent === "object" && intent !== null;
  return paid
    ? fromStripe(intent.amount_received, intent.currency)
    : fromStripe(session.amount_total ?? 0, session.currency ?? "");
}

function stateOf(session: Stripe.Checkout.Session): PaymentPage["state"] {
  if (session.status === "open") return "open";
  if (session.status === "expired") return "expired";
  if (session.payment_status === "paid") return "paid";
  const intent = session.payment_intent;
  const failed = ["requires_payment_method", "canceled"];
  return typeof intent === "object" && intent !== null && failed.includes(intent.status)
    ? "failed"
    : "processing";
}
