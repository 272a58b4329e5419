import { join } from "node:path";
import { readCrons } from "../../../scripts/dev/cron.ts";
import type { Ask } from "../load/connection.ts";
import { CRON_PATH } from "../worker/recorded.ts";

const YEAR_MS = 365 * 86_400_000;
/** As a list from new to old has it in `nextCursor`. */
const aYearAgo = () =>
  Buffer.from(JSON.stringify([Date.now() - YEAR_MS, "x"])).toString("base64url");

/** What staff look for, by every filter that a list has; far back, by words, and counted. */
export const listPaths = (): readonly string[] => [
  ...["newest", "price", "-price", "popular"].flatMap((sort) => [
    `/products?sort=${sort}`,
    `/products?sort=${sort}&q=workshop`,
  ]),
  ...["/products?q=number+7", "/products?q=workshop&include=total", "/products?include=total"],
  ...["/inventory", "/inventory?lowStock=true", "/inventory?include=total"],
  ...["/inventory/SKU-0000007", "/inventory/SKU-0000007/movements"],
  ...["/reservations", "/reservations?status=held", "/reservations?sku=SKU-0000007"],
  ...["/reservations?status=expired", "/reservations?status=committed"],
  "/reservations?caller=guest_000000000007",
  ...["/orders", `/orders?cursor=${aYearAgo()}`, "/orders?include=total"],
  ...["pending_payment", "paid", "canceled", "expired"].map((one) => `/orders?status=${one}`),
  ...["unpaid", "paid", "refunded", "disputed"].map((one) => `/orders?paymentStatus=${one}`),
  ...["unfulfilled", "fulfilled"].map((one) => `/orders?fulfillmentStatus=${one}`),
  ...["/orders?email=customer0000007@example.com"],
  ...[
    "status=paid&fulfillmentStatus=unfulfilled",
    "status=paid&fulfillmentStatus=fulfilled",
    "status=paid&paymentStatus=refunded",
    "status=paid&paymentStatus=disputed",
    "status=canceled&paymentStatus=unpaid",
    "status=expired&fulfillmentStatus=unfulfilled",
    "paymentStatus=paid&fulfillmentStatus=unfulfilled",
    "paymentStatus=paid&fulfillmentStatus=fulfilled",
    "paymentStatus=unpaid&fulfillmentStatus=unfulfilled",
    "status=paid&paymentStatus=paid&fulfillmentStatus=fulfilled",
  ].flatMap((both) => [`/orders?${both}`, `/orders?${both}&cursor=${aYearAgo()}`]),
  ...[
    "number=7000",
    "attention=any",
    "attention=dispute&status=paid",
    "sku=SKU-0000007",
    "sku=SKU-0000007&status=paid&fulfillmentStatus=unfulfilled",
    "status=paid&sku=SKU-0000007",
    "from=2020-01-01&to=2100-01-01",
    "status=paid&to=2100-01-01",
    "paymentStatus=unpaid&status=canceled&fulfillmentStatus=unfulfilled&attention=any",
    "email=customer0000007@example.com&sku=SKU-0000007",
  ].flatMap((filter) => [`/orders?${filter}`, `/orders?${filter}&include=total`]),
  ...["customer0000007", "grace+hopper", "example.com", "jd00", "thing", "7000", "%237000"].flatMap(
    (words) => [`/orders?q=${words}`, `/orders?q=${words}&status=canceled`],
  ),
  ...["/orders?q=grace&include=total", "/orders?q=grace&sku=SKU-0000007&include=total"],
  "/orders?status=paid&paymentStatus=paid&include=total",
  ...["/discounts", "/discounts?code=BENCH07", "/users", "/api-keys", "/audit-log"],
  ...["/customers", "/customers?q=customer0000007", "/customers?q=example&include=total"],
  ...["/webhook-events", "/webhook-events?provider=stripe", "/webhook-events?status=processed"],
  ...["/webhook-events?type=checkout.session.completed", "/webhook-events?include=total"],
  ...[
    "provider=stripe&status=processed",
    "provider=stripe&status=failed",
    "provider=resend&status=processed",
    "status=dead&type=checkout.session.completed",
  ].map((both) => `/webhook-events?${both}`),
  `/webhook-events?status=processed&cursor=${aYearAgo()}`,
  ...["/dead-letters", "/admin/invariants"],
];

/** What comes by the clock, as `wrangler.toml` has it. */
export const crons = (root: string): string[] => readCrons(join(root, "wrangler.toml"));

export const cronAsk = (cron: string): Ask => ({
  method: "GET",
  path: `${CRON_PATH}?cron=${encodeURIComponent(cron)}`,
});
