import { env } from "cloudflare:workers";
import Stripe from "stripe";
import { call } from "./http.ts";

const EMULATOR = "http://stripe.test/_emulator";

export interface Delivery {
  readonly eventId: string;
  readonly type: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  readonly status: number;
}

async function control<T = unknown>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(EMULATOR + path, {
    method: body === undefined ? "GET" : "POST",
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  if (!response.ok)
    throw new Error(`The Stripe emulator: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Stripe and Resend have heard of nothing yet, and this is what Stripe's clock says; null: what the machine's does. */
export async function startInternet(now: number | null): Promise<void> {
  const body = JSON.stringify({ now });
  const { ok } = await fetch("http://internet.test/begin", { method: "POST", body });
  if (!ok) throw new Error("The internet did not begin anew");
}

/** The session behind a payment page's address. */
export function sessionOf(paymentUrl: string): string {
  const found = /cs_\w+/.exec(paymentUrl)?.[0];
  if (found === undefined) throw new Error(`No session in ${paymentUrl}`);
  return found;
}

/** Stripe and its customers, as the tests move them. */
export const stripe = {
  control,
  reset: () => control("/reset", {}),
  pay: (paymentUrl: string, how: object = {}) =>
    control<{ payment_intent: string }>(`/sessions/${sessionOf(paymentUrl)}/pay`, {
      email: "ada@example.com",
      ...how,
    }),
  decline: (paymentUrl: string) => control(`/sessions/${sessionOf(paymentUrl)}/decline`, {}),
  settle: (intent: string, outcome: "succeeded" | "failed") =>
    control(`/payments/${intent}/settle`, { outcome }),
  misbehave: (...rules: object[]) => control("/misbehave", { rules }),
  requests: async () => (await control<{ requests: LoggedRequest[] }>("/requests")).requests,
  /** The webhooks that are due, signed now. */
  take: async () => (await control<{ deliveries: Delivery[] }>("/webhooks/take", {})).deliveries,
};

/** Delivers one webhook to the Worker. */
export function deliver(delivery: Delivery) {
  return call("POST", "/webhooks/stripe", { body: delivery.body, headers: delivery.headers });
}

/** Delivers every webhook that is due, in order. */
export async function deliverAll(): Promise<Delivery[]> {
  const deliveries = await stripe.take();
  for (const delivery of deliveries) {
    const { status } = await deliver(delivery);
    if (status !== 200) throw new Error(`${delivery.type} was answered ${status}`);
  }
  return deliveries;
}

export interface StripeSession {
  readonly id: string;
  readonly status: "open" | "complete" | "expired";
  readonly client_reference_id: string;
  readonly url: string | null;
  readonly amount_total: number;
  readonly currency: string;
  readonly payment_method_types: readonly string[];
  readonly line_items?: unknown;
}

/** What Stripe's own API says. */
export async function askStripe<T>(path: string): Promise<T> {
  const response = await fetch(`http://stripe.test/v1${path}`, {
    headers: { Authorization: "Bearer sk_test_holdfast" },
  });
  if (!response.ok) throw new Error(`Stripe: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** As many payment pages of another shop on the same account, made now; all of them are paid where it says so. */
export async function crowd(count: number, paid = false): Promise<void> {
  const body = JSON.stringify({ count, paid });
  const { ok } = await fetch("http://internet.test/crowd", { method: "POST", body });
  if (!ok) throw new Error("The other shop could not open its pages");
}

/** Every payment page that Stripe has, oldest first. */
export async function sessions(): Promise<StripeSession[]> {
  const path = "/checkout/sessions?limit=100";
  const { data } = await askStripe<{ data: StripeSession[] }>(path);
  return data.reverse();
}

const signer = new Stripe("sk_test_unused", { httpClient: Stripe.createFetchHttpClient() });

/** A webhook of this body, signed as Stripe would. `at` in milliseconds. */
export async function signedDelivery(
  body: string,
  { secret = env.STRIPE_WEBHOOK_SECRET, at = Date.now() } = {},
): Promise<{ body: string; headers: Record<string, string> }> {
  const header = await signer.webhooks.generateTestHeaderStringAsync({
    payload: body,
    secret,
    timestamp: Math.floor(at / 1000),
  });
  return { body, headers: { "Stripe-Signature": header } };
}

/** Delivers one event that Stripe might send. */
export async function deliverEvent(event: object) {
  return call("POST", "/webhooks/stripe", await signedDelivery(JSON.stringify(event)));
}
