import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ShopProcess, startShop } from "../load/shop-process.ts";
import { askJson } from "./ask-json.ts";

const TIMEOUT_MS = 300_000;
const HOUR_MS = 3_600_000;
const ASKED_EVERY_MS = 300_000;
const ROOM_MS = 60_000;
const PAST_MS = 3000;
const SOON = { timeout: 30_000, interval: 200 };
const OPENING_STOCK = 50;
const CARDS = 12;
const PRICE = { amount: 1900, currency: "EUR" };

interface Purchase {
  readonly orderId: string;
  readonly orderToken: string;
  readonly sessionId: string;
}

let shop: ShopProcess;
let sku: string;
beforeAll(async () => {
  shop = await startShop();
}, TIMEOUT_MS);
afterAll(() => shop.stop());

async function send(method: string, url: string, body?: object, headers = {}) {
  const answer = await askJson(method, url, { body, headers });
  expect(answer.status, `${method} ${url}`).toBeLessThan(300);
  return answer;
}

const ask = (method: string, path: string, body?: object, headers = {}) =>
  send(method, shop.url + path, body, headers);
const asStaff = async (path: string, body?: object) => {
  const headers = { Authorization: `Bearer ${shop.adminApiKey}` };
  return (await ask(body === undefined ? "GET" : "POST", path, body, headers)).data;
};
const emulator = (path: string, body: object) =>
  send("POST", `${shop.stripeUrl}/_emulator${path}`, body);
const orderOf = ({ orderId }: Purchase) => asStaff(`/api/v1/orders/${orderId}`);
const stock = () => asStaff(`/api/v1/inventory/${sku}`);
const runCron = (expression: string) =>
  fetch(`${shop.url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(expression)}`);

/** At Stripe it is that many hours ago. */
const hoursAgo = (hours: number) => emulator("/clock", { now: Date.now() - hours * HOUR_MS });

async function toPaymentPage(): Promise<Purchase> {
  const { data } = await ask(
    "POST",
    "/api/v1/checkouts",
    {
      items: [{ sku, quantity: 1 }],
      email: "grace@example.com",
      successUrl: `${shop.url}/?thanks`,
      cancelUrl: `${shop.url}/?cancelled`,
    },
    { "Idempotency-Key": randomUUID() },
  );
  const sessionId = new URL(data.paymentUrl).pathname.split("/").at(-1) ?? "";
  return { orderId: data.orderId, orderToken: data.orderToken, sessionId };
}

async function pay(method: "card" | "bank_transfer"): Promise<Purchase> {
  const purchase = await toPaymentPage();
  await emulator(`/sessions/${purchase.sessionId}/pay`, { method });
  return purchase;
}

async function atStripe({ sessionId }: Purchase, step: string, body: object): Promise<void> {
  const secrets = JSON.parse(readFileSync(join(shop.folder, "secrets.json"), "utf8"));
  const session = await send(
    "GET",
    `${shop.stripeUrl}/v1/checkout/sessions/${sessionId}`,
    undefined,
    { Authorization: `Bearer ${secrets.stripeSecretKey}` },
  );
  await emulator(`/payments/${session.payment_intent}/${step}`, body);
}

async function receiptsOf({ orderId }: Purchase): Promise<number> {
  const headers = { Authorization: "Bearer re_x" };
  const { data } = await send("GET", `${shop.mailUrl}/emails`, undefined, headers);
  return data.filter((mail: { subject: string; html: string }) => {
    return mail.subject.startsWith("Your receipt") && mail.html.includes(orderId);
  }).length;
}

/** The shop's own clock asks Stripe every five minutes: not in the middle of this. */
async function awayFromTheTick(): Promise<void> {
  const left = ASKED_EVERY_MS - (Date.now() % ASKED_EVERY_MS);
  if (left < ROOM_MS) await new Promise((resolve) => setTimeout(resolve, left + PAST_MS));
}

/** What webhooks would have told, and nobody did. */
async function aDayWithoutWebhooks() {
  await hoursAgo(22);
  const [disputed, returned] = await Promise.all([pay("card"), pay("card")]);
  for (const order of [disputed, returned]) {
    await expect.poll(async () => (await orderOf(order)).status, SOON).toBe("paid");
  }
  await emulator("/webhooks/behaviour", { drop: true });
  await hoursAgo(20);
  const cards = await Promise.all(Array.from({ length: CARDS }, () => pay("card")));
  const [arrives, bounces] = await Promise.all([pay("bank_transfer"), pay("bank_transfer")]);
  await hoursAgo(2);
  await atStripe(disputed, "dispute", { status: "opened" });
  await atStripe(returned, "refund", {});
  await atStripe(arrives, "settle", { outcome: "succeeded" });
  await atStripe(bounces, "settle", { outcome: "failed" });
  await emulator("/clock", { now: null });
  await emulator("/webhooks/behaviour", {});
  return { disputed, returned, cards, arrives, bounces };
}

type Day = Awaited<ReturnType<typeof aDayWithoutWebhooks>>;

async function expectNothingNoticed({ cards, returned, disputed }: Day): Promise<void> {
  for (const order of await Promise.all(cards.map(orderOf)))
    expect(order.status).toBe("pending_payment");
  for (const order of await Promise.all([returned, disputed].map(orderOf)))
    expect(order.paymentStatus).toBe("paid");
}

async function expectAllNoticed(day: Day): Promise<void> {
  const { cards, arrives, bounces, returned, disputed } = day;
  const noticed: [Purchase, object][] = [
    ...[...cards, arrives].map((paid): [Purchase, object] => [
      paid,
      { status: "paid", paymentStatus: "paid", attention: null },
    ]),
    [bounces, { status: "canceled", paymentStatus: "failed" }],
    [returned, { paymentStatus: "refunded", refunded: PRICE }],
    [disputed, { paymentStatus: "disputed", attention: { reason: "dispute" } }],
  ];
  for (const [purchase, state] of noticed)
    await expect.poll(() => orderOf(purchase), SOON).toMatchObject(state);
  for (const paid of [...cards, arrives]) await expect.poll(() => receiptsOf(paid), SOON).toBe(1);
  const sold = CARDS + [arrives, returned, disputed].length;
  expect(await stock()).toMatchObject({ onHand: OPENING_STOCK - sold, reserved: 0 });
}

const breaches = async (): Promise<string[]> =>
  (await asStaff("/api/v1/admin/invariants")).flatMap(
    (rule: { breaches: string[] }) => rule.breaches,
  );

describe("A day's outage of webhooks", { timeout: TIMEOUT_MS }, () => {
  it("leaves nothing missing once Stripe has been asked for what they did not bring", async () => {
    sku = `OUTAGE-${randomUUID()}`;
    const variants = [{ sku, title: "One", price: PRICE, initialStock: OPENING_STOCK }];
    await asStaff("/api/v1/products", { title: sku, variants });
    await awayFromTheTick();
    const day = await aDayWithoutWebhooks();
    await runCron("* * * * *");
    await expectNothingNoticed(day);

    await runCron("*/5 * * * *");
    await expectAllNoticed(day);
    await runCron("*/5 * * * *");
    await expect.poll(breaches, SOON).toEqual([]);
    await expectAllNoticed(day);
  });
});
