import { createHmac, randomUUID } from "node:crypto";
import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ShopProcess, startShop } from "../load/shop-process.ts";
import { askJson } from "./ask-json.ts";

const TIMEOUT_MS = 300_000;
const MINUTE_MS = 60_000;
const TIME_FOR_ANOTHER_MS = 2000;
const SOON = { timeout: 60_000, interval: 100 };

interface Purchase {
  readonly sku: string;
  readonly orderId: string;
  readonly orderToken: string;
  readonly paymentUrl: string;
}

let shop: ShopProcess;
beforeAll(async () => {
  shop = await startShop();
}, TIMEOUT_MS);
afterAll(() => shop.stop());
beforeEach(() => emulator("/webhooks/behaviour", {}));

const ask = (method: string, path: string, body?: object, headers = {}) =>
  askJson(method, shop.url + path, { body, headers });

const asStaff = (method: string, path: string, body?: object) =>
  ask(method, path, body, { Authorization: `Bearer ${shop.adminApiKey}` });
const orderOf = async ({ orderId, orderToken }: Purchase) =>
  (await ask("GET", `/api/v1/orders/${orderId}`, undefined, { "X-Order-Token": orderToken })).data;
const levelOf = async ({ sku }: Purchase) =>
  (await asStaff("GET", `/api/v1/inventory/${sku}`)).data;
const salesOf = async ({ sku }: Purchase) =>
  (await asStaff("GET", `/api/v1/inventory/${sku}/movements`)).data.filter(
    (movement: { kind: string }) => movement.kind === "sale",
  );

const emulator = (path: string, body: object) =>
  askJson("POST", `${shop.stripeUrl}/_emulator${path}`, { body });

const undelivered = async () =>
  (await askJson("GET", `${shop.stripeUrl}/_emulator/webhooks/pending`)).deliveries;

async function toPaymentPage(): Promise<Purchase> {
  const sku = `HTTP-${randomUUID()}`;
  const price = { amount: 1900, currency: "EUR" };
  await asStaff("POST", "/api/v1/products", {
    title: `A thing ${sku}`,
    variants: [{ sku, title: "One", price, initialStock: 5 }],
  });
  const held = await ask("POST", "/api/v1/reservations", { items: [{ sku, quantity: 2 }] });
  const checkout = await ask(
    "POST",
    "/api/v1/checkouts",
    {
      reservationId: held.data.id,
      email: "grace@example.com",
      successUrl: `${shop.url}/?thanks`,
      cancelUrl: `${shop.url}/?cancelled`,
    },
    { "Idempotency-Key": randomUUID() },
  );
  expect(checkout.status).toBe(201);
  return { sku, ...checkout.data };
}

/** What a person does on the payment page. */
function clickPay({ paymentUrl }: Purchase): Promise<Response> {
  return fetch(paymentUrl, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ action: "pay", email: "grace@example.com" }),
  });
}

async function receiptsOf({ orderId }: Purchase): Promise<{ to: string[]; subject: string }[]> {
  const answer = await fetch(`${shop.mailUrl}/emails`, {
    headers: { Authorization: "Bearer re_x" },
  });
  const { data } = (await answer.json()) as {
    data: { to: string[]; subject: string; html: string }[];
  };
  return data.filter((mail) => mail.html.includes(orderId));
}

/** Lets every hold be over, as if 16 minutes had passed while the shop was down. */
async function restartLater(): Promise<void> {
  await shop.stop("keep");
  const [file] = globSync(join(shop.folder, "worker/**/d1/**/*.sqlite")).filter(
    (name) => !name.includes("metadata"),
  );
  const database = new DatabaseSync(file ?? "");
  database.exec(
    `UPDATE reservations SET expires_at = ${Date.now() - MINUTE_MS} WHERE status = 'held'`,
  );
  database.close();
  shop = await startShop({ again: shop });
  await fetch(`${shop.url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent("* * * * *")}`);
}

function sign(body: string, seconds = Math.floor(Date.now() / 1000)): string {
  const mac = createHmac("sha256", shop.stripeWebhookSecret).update(`${seconds}.${body}`);
  return `t=${seconds},v1=${mac.digest("hex")}`;
}

async function deliver(body: string, signature: string): Promise<number> {
  const headers = { "Content-Type": "application/json", "Stripe-Signature": signature };
  return (await fetch(`${shop.url}/webhooks/stripe`, { method: "POST", headers, body })).status;
}

describe("Over HTTP, against npm run dev", { timeout: TIMEOUT_MS }, () => {
  it("sells: held, paid on the payment page, noticed, sold, written down and receipted", async () => {
    const purchase = await toPaymentPage();
    expect(await levelOf(purchase)).toMatchObject({ onHand: 5, reserved: 2, available: 3 });

    const paid = await clickPay(purchase);
    expect([paid.status, paid.headers.get("Location")]).toEqual([303, `${shop.url}/?thanks`]);

    await expect.poll(async () => (await orderOf(purchase)).status, SOON).toBe("paid");
    expect(await orderOf(purchase)).toMatchObject({
      paymentStatus: "paid",
      total: { amount: 3800, currency: "EUR" },
      payments: [{ status: "succeeded" }],
    });
    expect(await levelOf(purchase)).toMatchObject({ onHand: 3, reserved: 0, available: 3 });
    expect(await salesOf(purchase)).toMatchObject([
      { onHandDelta: -2, reservedDelta: -2, orderId: purchase.orderId },
    ]);
    await expect
      .poll(() => receiptsOf(purchase), SOON)
      .toMatchObject([{ to: ["grace@example.com"] }]);
  });

  it("the same webhook three times, out of order: one sale, one receipt", async () => {
    await emulator("/webhooks/behaviour", { duplicate: 3, reorder: true });
    const purchase = await toPaymentPage();
    await clickPay(purchase);
    await expect.poll(async () => (await orderOf(purchase)).status, SOON).toBe("paid");
    await expect.poll(undelivered, SOON).toEqual([]);
    await expect.poll(() => receiptsOf(purchase), SOON).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, TIME_FOR_ANOTHER_MS));
    expect(await receiptsOf(purchase)).toHaveLength(1);
    expect(await salesOf(purchase)).toHaveLength(1);
  });

  it("a webhook that is seconds late still pays the order", async () => {
    await emulator("/webhooks/behaviour", { delayMs: 8000 });
    const purchase = await toPaymentPage();
    await clickPay(purchase);
    expect((await orderOf(purchase)).status).toBe("pending_payment");
    await expect.poll(async () => (await orderOf(purchase)).status, SOON).toBe("paid");
  });

  it("a forged webhook is refused and pays nothing", async () => {
    const purchase = await toPaymentPage();
    const session = {
      id: "cs_test_forged",
      client_reference_id: purchase.orderId,
      payment_status: "paid",
    };
    const body = JSON.stringify({
      id: "evt_forged",
      type: "checkout.session.completed",
      data: { object: session },
    });
    const sixMinutesAgo = Math.floor(Date.now() / 1000) - 360;
    expect(await deliver(body, "")).toBe(400);
    expect(await deliver(body, "t=1,v1=00")).toBe(400);
    expect(await deliver(body, sign(body, sixMinutesAgo))).toBe(400);
    expect(await deliver(`${body} `, sign(body))).toBe(400);
    expect((await orderOf(purchase)).status).toBe("pending_payment");
  });

  it("a reservation that ends while its payment page is open: the page closes, then the stock is back", async () => {
    const purchase = await toPaymentPage();
    await restartLater();
    await expect.poll(async () => (await orderOf(purchase)).status, SOON).toBe("expired");
    expect(await levelOf(purchase)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
    expect((await clickPay(purchase)).status).not.toBe(303);
    expect(await salesOf(purchase)).toEqual([]);
  });

  it("a payment in the last second, whose webhook is lost, is a sale", async () => {
    await emulator("/webhooks/behaviour", { drop: true });
    const purchase = await toPaymentPage();
    await clickPay(purchase);
    await restartLater();
    await expect.poll(async () => (await orderOf(purchase)).status, SOON).toBe("paid");
    expect(await levelOf(purchase)).toMatchObject({ onHand: 3, reserved: 0 });
    await expect.poll(() => receiptsOf(purchase), SOON).toHaveLength(1);
  });
});

describe("A POST without a body", () => {
  it.each([
    ["no header at all", {}],
    ["Content-Length: 0", { "Content-Length": "0" }],
    ["a Content-Type that says nothing", { "Content-Type": "text/plain" }],
  ])("is taken with %s", async (_, headers) => {
    const { orderId, orderToken } = await toPaymentPage();
    const path = `/api/v1/orders/${orderId}/cancel`;
    const answer = await ask("POST", path, undefined, { "X-Order-Token": orderToken, ...headers });
    expect([answer.status, answer.data?.status]).toEqual([200, "canceled"]);
  });
});
