import { createHmac, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { ask, asStaff, atStripe, leftToDo, mailsAbout, stripe, theShop } from "./shop.ts";

const MINUTE_MS = 60_000;
const SOON = { timeout: 60_000, interval: 100 };
const EVERY_MINUTE = "* * * * *";

interface Purchase {
  readonly sku: string;
  readonly orderId: string;
  readonly orderToken: string;
  readonly paymentUrl: string;
}

const orderOf = async ({ orderId, orderToken }: Purchase) =>
  (await ask("GET", `/api/v1/orders/${orderId}`, undefined, { "X-Order-Token": orderToken })).data;
const levelOf = async ({ sku }: Purchase) =>
  (await asStaff("GET", `/api/v1/inventory/${sku}`)).data;
const salesOf = async ({ sku }: Purchase) =>
  (await asStaff("GET", `/api/v1/inventory/${sku}/movements`)).data.filter(
    (movement: { kind: string }) => movement.kind === "sale",
  );

async function toPaymentPage(): Promise<Purchase> {
  const { url } = theShop();
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
      successUrl: `${url}/?thanks`,
      cancelUrl: `${url}/?cancelled`,
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

const becomes = (status: string, purchase: Purchase) =>
  expect.poll(async () => (await orderOf(purchase)).status, SOON).toBe(status);
/** Operators are told of stock that runs low by the sweep, which nothing else wakes for it. */
async function allIsDone(): Promise<void> {
  await theShop().fire(EVERY_MINUTE);
  await expect.poll(leftToDo, SOON).toBe(0);
}

/** Lets every hold be over, as if 16 minutes had passed, and the sweep find that out. */
async function sixteenMinutesLater(): Promise<void> {
  const over = `UPDATE reservations SET expires_at = ${Date.now() - MINUTE_MS} WHERE status = 'held'`;
  theShop().database((files) => files.exec(over));
  await theShop().fire(EVERY_MINUTE);
}

/** What Stripe has to say about an order, sent long after it happened. */
async function deliverLate({ orderId }: Purchase): Promise<void> {
  await stripe("/webhooks/behaviour", {});
  const events = await atStripe("/events?limit=100");
  const about = events.data.filter((event: object) => JSON.stringify(event).includes(orderId));
  expect(about).not.toEqual([]);
  for (const { id } of about) await stripe(`/events/${id}/resend`, {});
}

function sign(body: string, seconds = Math.floor(Date.now() / 1000)): string {
  const secret = theShop().stripeWebhookSecret;
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`);
  return `t=${seconds},v1=${mac.digest("hex")}`;
}

async function deliver(body: string, signature: string): Promise<number> {
  const headers = { "Content-Type": "application/json", "Stripe-Signature": signature };
  const url = `${theShop().url}/webhooks/stripe`;
  return (await fetch(url, { method: "POST", headers, body })).status;
}

export function purchases(): void {
  beforeEach(() => stripe("/webhooks/behaviour", {}));

  describe("A purchase", () => {
    it("sells: held, paid on the payment page, noticed, sold, written down and receipted", async () => {
      const purchase = await toPaymentPage();
      expect(await levelOf(purchase)).toMatchObject({ onHand: 5, reserved: 2, available: 3 });

      const paid = await clickPay(purchase);
      expect([paid.status, paid.headers.get("Location")]).toEqual([
        303,
        `${theShop().url}/?thanks`,
      ]);

      await becomes("paid", purchase);
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
        .poll(() => mailsAbout(purchase), SOON)
        .toMatchObject([{ to: ["grace@example.com"] }]);
    });

    it("the same webhook three times, out of order: one sale, one receipt", async () => {
      await stripe("/webhooks/behaviour", { duplicate: 3, reorder: true });
      const purchase = await toPaymentPage();
      await clickPay(purchase);
      await becomes("paid", purchase);
      await allIsDone();
      expect(await mailsAbout(purchase)).toHaveLength(1);
      expect(await salesOf(purchase)).toHaveLength(1);
    });

    it("a webhook that is late still pays the order", async () => {
      await stripe("/webhooks/behaviour", { drop: true });
      const purchase = await toPaymentPage();
      await clickPay(purchase);
      await allIsDone();
      expect((await orderOf(purchase)).status).toBe("pending_payment");
      await deliverLate(purchase);
      await becomes("paid", purchase);
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
      await sixteenMinutesLater();
      await becomes("expired", purchase);
      expect(await levelOf(purchase)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
      expect((await clickPay(purchase)).status).not.toBe(303);
      expect(await salesOf(purchase)).toEqual([]);
    });

    it("a payment in the last second, whose webhook is lost, is a sale", async () => {
      await stripe("/webhooks/behaviour", { drop: true });
      const purchase = await toPaymentPage();
      await clickPay(purchase);
      await sixteenMinutesLater();
      await becomes("paid", purchase);
      expect(await levelOf(purchase)).toMatchObject({ onHand: 3, reserved: 0 });
      await expect.poll(() => mailsAbout(purchase), SOON).toHaveLength(1);
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
      const answer = await ask("POST", path, undefined, {
        "X-Order-Token": orderToken,
        ...headers,
      });
      expect([answer.status, answer.data?.status]).toEqual([200, "canceled"]);
    });
  });
}
