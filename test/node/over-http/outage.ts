import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ask, asStaff, atStripe, mailsAbout, stripe, theShop } from "./shop.ts";

const HOUR_MS = 3_600_000;
const SOON = { timeout: 30_000, interval: 200 };
const OPENING_STOCK = 50;
const CARDS = 12;
const PRICE = { amount: 1900, currency: "EUR" };

interface Purchase {
  readonly orderId: string;
  readonly orderToken: string;
  readonly sessionId: string;
}

let sku: string;

const read = async (path: string) => (await asStaff("GET", path)).data;
const orderOf = ({ orderId }: Purchase) => read(`/api/v1/orders/${orderId}`);
const stock = () => read(`/api/v1/inventory/${sku}`);

/** At Stripe it is that many hours ago. */
const hoursAgo = (hours: number) => stripe("/clock", { now: Date.now() - hours * HOUR_MS });

async function toPaymentPage(): Promise<Purchase> {
  const { url } = theShop();
  const { data } = await ask(
    "POST",
    "/api/v1/checkouts",
    {
      items: [{ sku, quantity: 1 }],
      email: "grace@example.com",
      successUrl: `${url}/?thanks`,
      cancelUrl: `${url}/?cancelled`,
    },
    { "Idempotency-Key": randomUUID() },
  );
  const sessionId = new URL(data.paymentUrl).pathname.split("/").at(-1) ?? "";
  return { orderId: data.orderId, orderToken: data.orderToken, sessionId };
}

async function pay(method: "card" | "bank_transfer"): Promise<Purchase> {
  const purchase = await toPaymentPage();
  await stripe(`/sessions/${purchase.sessionId}/pay`, { method });
  return purchase;
}

/** Takes the payment of an order one step further at Stripe. */
async function move({ sessionId }: Purchase, step: string, body: object): Promise<void> {
  const { payment_intent: payment } = await atStripe(`/checkout/sessions/${sessionId}`);
  await stripe(`/payments/${payment}/${step}`, body);
}

const receiptsOf = async (purchase: Purchase): Promise<number> =>
  (await mailsAbout(purchase)).filter(({ subject }) => subject.startsWith("Your receipt")).length;

/** What webhooks would have told, and nobody did. */
async function aDayWithoutWebhooks() {
  await hoursAgo(22);
  const [disputed, returned] = await Promise.all([pay("card"), pay("card")]);
  for (const order of [disputed, returned]) {
    await expect.poll(async () => (await orderOf(order)).status, SOON).toBe("paid");
  }
  await stripe("/webhooks/behaviour", { drop: true });
  await hoursAgo(20);
  const cards = await Promise.all(Array.from({ length: CARDS }, () => pay("card")));
  const [arrives, bounces] = await Promise.all([pay("bank_transfer"), pay("bank_transfer")]);
  await hoursAgo(2);
  await move(disputed, "dispute", { status: "opened" });
  await move(returned, "refund", {});
  await move(arrives, "settle", { outcome: "succeeded" });
  await move(bounces, "settle", { outcome: "failed" });
  await stripe("/clock", { now: null });
  await stripe("/webhooks/behaviour", {});
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
  (await read("/api/v1/admin/invariants")).flatMap((rule: { breaches: string[] }) => rule.breaches);

export function outage(): void {
  describe("A day's outage of webhooks", () => {
    it("leaves nothing missing once Stripe has been asked for what they did not bring", async () => {
      sku = `OUTAGE-${randomUUID()}`;
      const variants = [{ sku, title: "One", price: PRICE, initialStock: OPENING_STOCK }];
      await asStaff("POST", "/api/v1/products", { title: sku, variants });
      const day = await aDayWithoutWebhooks();
      theShop().database((files) => files.exec("DELETE FROM reconciliations")); // it never asked before
      await theShop().fire("* * * * *");
      await expectNothingNoticed(day);

      await theShop().fire("*/5 * * * *");
      await expectAllNoticed(day);
      await theShop().fire("*/5 * * * *");
      await expect.poll(breaches, SOON).toEqual([]);
      await expectAllNoticed(day);
    });
  });
}
