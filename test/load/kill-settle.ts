import { pause } from "./kill-caller.ts";
import type { KillableShop } from "./kill-shop.ts";
import { hurryDeliveries, listEvents } from "./kill-stripe.ts";

const SHELVES = 4;
const OPENING_STOCK = 30;
const MINUTE_MS = 60_000;
const LONGER_THAN_A_HOLD_MS = 16 * MINUTE_MS;
const PATIENCE_MS = 180_000;
const POLL_MS = 250;

/** Unfinished work of the shop. */
const LEFT = `SELECT
  (SELECT count(*) FROM webhook_events WHERE status IN ('received', 'failed')) +
  (SELECT count(*) FROM outbox WHERE status = 'pending') +
  (SELECT count(*) FROM reservations WHERE status = 'held' AND expires_at <= ?) AS count`;

const BEGUN = `SELECT
  (SELECT count(*) FROM idempotency_keys WHERE status IS NULL) +
  (SELECT count(*) FROM webhook_events WHERE status IN ('received', 'failed')) +
  (SELECT count(*) FROM outbox WHERE status = 'pending') AS count`;

/** How much is begun and not finished: checkouts, events, promises. */
export function countBegun(shop: KillableShop): number {
  return shop.database((database) => Number(database.prepare(BEGUN).get()?.["count"]));
}

/** Puts new things up for sale; answers their SKUs with how many there are. */
export async function openShelves(shop: KillableShop): Promise<Map<string, number>> {
  const { url, adminApiKey } = shop.addresses;
  const stamp = Date.now().toString(36).toUpperCase();
  const skus = Array.from({ length: SHELVES }, (_, shelf) => `KILL-${stamp}-${shelf}`);
  const price = { amount: 1250, currency: "EUR" };
  const answer = await fetch(`${url}/api/v1/products`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${adminApiKey}` },
    body: JSON.stringify({
      title: `Things ${stamp}`,
      variants: skus.map((sku) => ({ sku, title: sku, price, initialStock: OPENING_STOCK })),
    }),
  });
  if (answer.status !== 201) throw new Error(`Nothing to sell: ${await answer.text()}`);
  return new Map(skus.map((sku) => [sku, OPENING_STOCK]));
}

/** Lets the provider deliver, the queue work and cron sweep until there is nothing to do; then ends all holds, and again. */
export async function settle(shop: KillableShop): Promise<void> {
  await untilQuiet(shop);
  shop.passTime(LONGER_THAN_A_HOLD_MS);
  await untilQuiet(shop);
}

/** Gives up without a word: what is left is a breach, and the invariants name it. */
async function untilQuiet(shop: KillableShop): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  await hurryDeliveries(shop);
  while (Date.now() < deadline) {
    await shop.sweep();
    const undelivered = await listEvents(shop, false);
    const left = shop.database((database) => database.prepare(LEFT).get(Date.now())?.["count"]);
    if (undelivered.length === 0 && left === 0) return;
    await pause(POLL_MS);
    shop.passTime(MINUTE_MS);
  }
}

/** What the shop's own audit finds. */
export async function breachesOf(shop: KillableShop): Promise<string[]> {
  const { url, adminApiKey } = shop.addresses;
  const headers = { Authorization: `Bearer ${adminApiKey}` };
  const answer = await fetch(`${url}/api/v1/admin/invariants`, { headers });
  if (answer.status !== 200) return [`the audit was answered ${answer.status}`];
  const { data } = (await answer.json()) as {
    data: { name: string; holds: boolean; breaches: string[] }[];
  }; // as the OpenAPI document says
  if (data.length === 0) return ["the audit checked nothing"];
  return data
    .filter(({ holds }) => !holds)
    .flatMap(({ name, breaches }) => breaches.map((breach) => `${name}: ${breach}`));
}

/** The subjects of all mails that the mail service was given since it started. */
export async function listMails(shop: KillableShop): Promise<string[]> {
  const headers = { Authorization: "Bearer re_any" };
  const answer = await fetch(`${shop.addresses.mailUrl}/emails`, { headers });
  const { data } = (await answer.json()) as { data: { subject: string }[] }; // Resend's list
  return data.map(({ subject }) => subject);
}
