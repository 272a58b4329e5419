import type Stripe from "stripe";
import { asEmail } from "../../platform/email.ts";
import type { Money } from "../../platform/money.ts";
import type { Breakdown, PaymentSession, SessionAddress } from "../payment-session.ts";
import { fromStripe } from "./amount.ts";

/** Reads a session; `completed` is not `paid`, so the payment's own status decides. */
export function readSession(session: Stripe.Checkout.Session): PaymentSession {
  const intent = session.payment_intent;
  const asked = askedBy(session);
  return {
    sessionId: session.id,
    url: session.url,
    state: stateOf(session),
    total: totalOf(session, asked),
    asked,
    method: methodOf(intent),
    providerPaymentId: typeof intent === "string" ? intent : (intent?.id ?? null),
    email: emailOf(session),
    address: addressOf(session.collected_information?.shipping_details),
  };
}

/** What of a session has to be read with it. */
export const EXPANDED = "payment_intent.payment_method";

function methodOf(intent: Stripe.Checkout.Session["payment_intent"]): string | null {
  const method = typeof intent === "string" ? null : (intent?.payment_method ?? null);
  return typeof method === "string" ? null : (method?.type ?? null);
}

function emailOf(session: Stripe.Checkout.Session): string | null {
  const typed = session.customer_details?.email ?? session.customer_email;
  return typed ? asEmail(typed) : null;
}

/** https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-total_details, -shipping_cost */
function askedBy(session: Stripe.Checkout.Session): Breakdown {
  const details = session.total_details;
  const ours = (amount: number | null | undefined) =>
    fromStripe(amount ?? 0, session.currency ?? "").amount;
  return {
    currency: (session.currency ?? "").toUpperCase(),
    subtotal: ours(session.amount_subtotal),
    discount: ours(details?.amount_discount),
    shipping: ours(details?.amount_shipping),
    tax: ours(details?.amount_tax),
    shippingTax: ours(session.shipping_cost?.amount_tax),
    total: ours(session.amount_total),
  };
}

function totalOf(session: Stripe.Checkout.Session, asked: Breakdown): Money {
  const intent = session.payment_intent;
  const paid = session.payment_status === "paid" && typeof intent === "object" && intent !== null;
  return paid
    ? fromStripe(intent.amount_received, intent.currency)
    : { amount: asked.total, currency: asked.currency };
}

/** Some countries have no postal codes, some addresses no city; a dash is what carriers' forms take there. */
const NONE = "-";

/** Somebody at an address, as a payment page asks for them or a PaymentIntent names them. */
interface Addressee {
  readonly name?: string | null;
  readonly address?: Stripe.Address | null;
}

/** As it came, with nothing for what is missing: the order keeps what it can of it. */
export function addressOf(details: Addressee | null | undefined): SessionAddress | null {
  if (details === null || details === undefined) return null;
  const { line1, line2, city, state, postal_code, country } = details.address ?? {};
  return {
    name: details.name ?? "",
    line1: line1 ?? "",
    ...(line2 ? { line2 } : {}),
    city: city || NONE,
    ...(state ? { region: state } : {}),
    postalCode: postal_code || NONE,
    country: country ?? "",
  };
}

function stateOf(session: Stripe.Checkout.Session): PaymentSession["state"] {
  if (session.status === "open") return "open";
  if (session.status === "expired") return "expired";
  if (session.payment_status === "paid") return "paid";
  const intent = session.payment_intent;
  const failed = ["requires_payment_method", "canceled"];
  return typeof intent === "object" && intent !== null && failed.includes(intent.status)
    ? "failed"
    : "processing";
}
