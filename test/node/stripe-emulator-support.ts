import Stripe from "stripe";
import { onTestFinished } from "vitest";
import { type StripeServerOptions, startStripeEmulator } from "../../emulators/stripe/server.ts";

export const WEBHOOK_SECRET = "whsec_for_tests";

export interface TakenDelivery {
  eventId: string;
  type: string;
  body: string;
  headers: { "Stripe-Signature": string; "Content-Type": string; "User-Agent": string };
}

/** A running emulator with the real SDK pointed at it; stopped when the test ends. */
export interface Shop {
  url: string;
  stripe: Stripe;
  /** The SDK for another account. */
  sdk(key: string, config?: Stripe.StripeConfig): Stripe;
  /** A call of the control API; throws unless it answers 2xx. */
  control<T = unknown>(path: string, body?: object): Promise<T>;
  requests(): Promise<{ method: string; path: string; status: number }[]>;
  take(max?: number): Promise<TakenDelivery[]>;
  /** Takes everything that is due and reads it as the shop would, checking each signature. */
  events(): Promise<Stripe.Event[]>;
  stop(): Promise<void>;
}

export async function openShop(options: Partial<StripeServerOptions> = {}): Promise<Shop> {
  const server = await startStripeEmulator({
    port: 0,
    publicUrl: "http://pay.test",
    webhookSecret: WEBHOOK_SECRET,
    ...options,
  });
  let stopped = false;
  const stop = async () => {
    if (!stopped) await server.close();
    stopped = true;
  };
  onTestFinished(stop);
  const sdk = (key: string, config: Stripe.StripeConfig = {}) =>
    new Stripe(key, {
      host: "127.0.0.1",
      port: new URL(server.url).port,
      protocol: "http",
      maxNetworkRetries: 0,
      telemetry: false,
      ...config,
    });
  const stripe = sdk("sk_test_shop");
  const control = <T>(path: string, body?: object) => callControl<T>(server.url, path, body);
  const take = async (max?: number) => {
    const body = max === undefined ? {} : { max };
    return (await control<{ deliveries: TakenDelivery[] }>("/webhooks/take", body)).deliveries;
  };
  return {
    url: server.url,
    stripe,
    sdk,
    control,
    take,
    stop,
    async requests() {
      type Log = { requests: { method: string; path: string; status: number }[] };
      return (await control<Log>("/requests")).requests;
    },
    async events() {
      const deliveries = await take();
      return deliveries.map(({ body, headers }) =>
        stripe.webhooks.constructEvent(body, headers["Stripe-Signature"], WEBHOOK_SECRET),
      );
    },
  };
}

async function callControl<T>(url: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${url}/_emulator${path}`, {
    method: body === undefined ? "GET" : "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return asAnswer<T>(text);
}

/** Guarantee: none; a test that names the wrong type fails on what it reads. */
function asAnswer<T>(text: string): T {
  return JSON.parse(text) as T;
}

export function lineItem(
  overrides: { currency?: string; amount?: number; quantity?: number; name?: string } = {},
): Stripe.Checkout.SessionCreateParams.LineItem {
  const { currency = "eur", amount = 1250, quantity = 2, name = "Coffee, 250 g" } = overrides;
  return {
    quantity,
    price_data: { currency, unit_amount: amount, product_data: { name } },
  };
}

export function sessionParams(
  overrides: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "payment",
    line_items: [lineItem()],
    success_url: "https://shop.test/thanks?session={CHECKOUT_SESSION_ID}",
    cancel_url: "https://shop.test/cart",
    ...overrides,
  };
}

type TaxBehavior = "exclusive" | "inclusive";

export function shipping(
  amount: number,
  {
    name = "Post",
    currency = "eur",
    tax,
  }: { name?: string; currency?: string; tax?: TaxBehavior } = {},
): Stripe.Checkout.SessionCreateParams.ShippingOption {
  return {
    shipping_rate_data: {
      display_name: name,
      type: "fixed_amount",
      fixed_amount: { amount, currency },
      ...(tax === undefined ? {} : { tax_behavior: tax }),
    },
  };
}

export function item(
  amount: number,
  {
    quantity = 1,
    currency = "eur",
    tax,
  }: { quantity?: number; currency?: string; tax?: TaxBehavior } = {},
): Stripe.Checkout.SessionCreateParams.LineItem {
  return {
    quantity,
    price_data: {
      currency,
      unit_amount: amount,
      product_data: { name: "Mug" },
      ...(tax === undefined ? {} : { tax_behavior: tax }),
    },
  };
}

/** Creates a session, pays it, and reads it with its payment. */
export async function pay(
  shop: Shop,
  params: Partial<Stripe.Checkout.SessionCreateParams>,
  how: object = {},
) {
  const created = await shop.stripe.checkout.sessions.create(sessionParams(params));
  await shop.control(`/sessions/${created.id}/pay`, how);
  const session = await shop.stripe.checkout.sessions.retrieve(created.id, {
    expand: ["payment_intent.latest_charge", "shipping_cost.shipping_rate", "line_items"],
  });
  return { created, session };
}

/** A session that has been paid by card, with the id of its payment. */
export async function paidSession(
  shop: Shop,
  overrides: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ session: Stripe.Checkout.Session; payment: string }> {
  const { id } = await shop.stripe.checkout.sessions.create(sessionParams(overrides));
  await shop.control(`/sessions/${id}/pay`, { method: "card", email: "ada@example.com" });
  const session = await shop.stripe.checkout.sessions.retrieve(id);
  return { session, payment: String(session.payment_intent) };
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

export function typesOf(events: { type: string }[]): string[] {
  return events.map((event) => event.type);
}

/** A page, as a browser gets it. */
export async function view(shop: Shop, path: string) {
  const response = await fetch(`${shop.url}${path}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A form, as a browser sends it, without following where it leads. */
export async function submit(
  shop: Shop,
  path: string,
  fields: Record<string, string>,
  headers = {},
) {
  const response = await fetch(`${shop.url}${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
    headers,
  });
  const location = response.headers.get("location");
  return { status: response.status, location, text: await response.text() };
}

/** What a person reads: without markup, entities resolved. */
export function readable(text: string): string {
  return text
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
}

export async function pendingOf(shop: Shop) {
  type Pending = { deliveries: { type: string; attempt: number }[] };
  return (await shop.control<Pending>("/webhooks/pending")).deliveries;
}

export async function oneExpired(shop: Shop): Promise<void> {
  const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
  await shop.stripe.checkout.sessions.expire(id);
}
