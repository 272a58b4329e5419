import { randomUUID } from "node:crypto";
import type { Ask } from "../load/connection.ts";
import { STRIPE_WEBHOOK_SECRET } from "../shop/sample-shop.ts";
import { stripeSignature } from "../shop/stripe.ts";
import { asStaff, GOODS } from "./goods.ts";

/** What a shop is asked for again and again. */
export interface HotRoute {
  readonly name: string;
  /** The same without spaces: what the floor knows it by. */
  readonly key: string;
  /** The status of every answer. */
  readonly status: number;
  /** Kept in the isolate, so that it sends no statements to hold it against: its floor is one bare SELECT. */
  readonly fromMemory: boolean;
  /** A request that nobody has sent yet. */
  next(): Ask;
}

const JSON_BODY = { "Content-Type": "application/json" };
/**
 * So many addresses take turns: enough that no caller's holds pile up, and few enough that an isolate knows them all,
 * because the first call of each in a minute asks the runtime's rate limiter, which costs more here than in production.
 */
const SHOPPERS = 50;
const EVENT_ID = /"evt_\w+"/;
let shoppers = 0;

function shopper(): Record<string, string> {
  shoppers += 1;
  return { "CF-Connecting-IP": `203.0.113.${shoppers % SHOPPERS}` };
}

const read = (path: string) => (): Ask => ({ method: "GET", path, headers: shopper() });

/** As it is now, which nobody has kept. */
const readAnew = (path: string) => (): Ask => ({
  ...{ method: "GET", path },
  headers: { ...shopper(), "Cache-Control": "no-cache" },
});

/** What everybody gets alike is a route for its way to the database, and another for the answer that is kept. */
const catalog = (name: string, path: string): Record<string, Described> => ({
  [name]: { next: readAnew(path) },
  [`${name} from memory`]: { next: read(path), fromMemory: true },
});

const write = (path: string, body: object, headers: () => Record<string, string> = () => ({})) => {
  const text = JSON.stringify(body);
  return (): Ask => ({
    ...{ method: "POST", path, body: text },
    headers: { ...JSON_BODY, ...shopper(), ...headers() },
  });
};

const keyed = () => ({ "Idempotency-Key": randomUUID() });
const one = (sku: string) => ({ items: [{ sku, quantity: 1 }] });

/** Asks to hold one of these. */
export const reserve = (sku: string) => write("/api/v1/reservations", one(sku));

export const checkOut = write(
  "/api/v1/checkouts",
  {
    ...one(GOODS.sku),
    ...{ email: "grace@example.com", successUrl: "https://shop.example.com/thanks" },
    cancelUrl: "https://shop.example.com/cart",
  },
  keyed,
);

/** Stripe's event under an id that the shop has not heard of. */
const deliver = (event: string) => (): Ask => {
  const body = event.replace(EVENT_ID, `"evt_${randomUUID().replaceAll("-", "")}"`);
  const signature = stripeSignature(body, STRIPE_WEBHOOK_SECRET);
  const headers = { ...JSON_BODY, "Stripe-Signature": signature };
  return { method: "POST", path: "/webhooks/stripe", headers, body };
};

interface Described {
  readonly next: () => Ask;
  readonly status?: number;
  readonly fromMemory?: true;
}

/** What the requests need to know of the shop that they are sent to. */
export interface Facts {
  readonly apiKey: string;
  /** The body of a webhook about a paid order. */
  readonly event: string;
}

/** The names that the report has. */
export const hotRouteNames = (): string[] =>
  hotRoutes({ apiKey: "", event: "" }).map(({ name }) => name);

/** All of them. */
export function hotRoutes({ apiKey, event }: Facts): HotRoute[] {
  const described: Record<string, Described> = {
    health: { next: read("/health") },
    ...catalog("product list", "/api/v1/products"),
    ...catalog("product", `/api/v1/products/${GOODS.slug}`),
    "order list (staff)": { next: () => asStaff(apiKey, "GET", "/api/v1/orders") },
    reserve: { next: reserve(GOODS.sku), status: 201 },
    "reserve with a key": {
      next: write("/api/v1/reservations", one(GOODS.sku), keyed),
      status: 201,
    },
    "refused as sold out": { next: reserve(GOODS.soldOutSku), status: 409 },
    checkout: { next: checkOut, status: 201 },
    "webhook in": { next: deliver(event) },
    ...catalog("/", "/"),
    ...catalog("product page", `/products/${GOODS.slug}`),
  };
  return Object.entries(described).map(([name, { next, status = 200, fromMemory = false }], i) => ({
    ...{ name, next, status, fromMemory },
    key: `route-${i}`,
  }));
}
