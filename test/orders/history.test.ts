import { describe, expect, it } from "vitest";
import { cancel, fulfill, refund, sell } from "../support/after-sale.ts";
import { makeKey, makeMember } from "../support/credentials.ts";
import { makeDiscount } from "../support/discounts.ts";
import { type Answer, call } from "../support/http.ts";
import { arrive, dispute } from "../support/money-back.ts";
import { as, asAdmin, theAdmin } from "../support/people.ts";
import { checkOut, checkOutAs, makeSku, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const usd = (amount: number) => ({ amount, currency: "USD" });

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actor: string;
}

async function story(at: { orderId: string; orderToken: string }): Promise<Told[]> {
  const { body } = await call("GET", `/api/v1/orders/${at.orderId}/events?include=total`, {
    headers: { "X-Order-Token": at.orderToken },
  });
  expect(body.meta.total).toBe(body.data.length);
  return body.data.map(({ type, data, actor }: Told) => ({ type, data, actor }));
}

describe("The history of an order", () => {
  it("tells what was bought, paid, refunded, sent, disputed and lost, by whom and why", async () => {
    const { code } = await makeDiscount();
    const lines = [
      { amount: 2000, quantity: 2 },
      { amount: 1000, quantity: 1 },
    ];
    const at = await sell(lines, { discountCode: code });
    const [first, second] = at.skus;
    const items = [{ sku: first, quantity: 1, restock: "cancel" }];
    const refundId = (await refund(at, { items, reason: "Too big" })).body.data.id;
    await arrive();
    const tracking = { carrier: "UPS", trackingNumber: "1Z" };
    const fulfillmentId = (await fulfill(at, tracking)).body.data.id;
    expect((await cancel(at)).status).toBe(409);
    await dispute({ ...at, sku: "", reservationId: "" }, "opened");
    await arrive();
    expect((await refund(at)).status).toBe(409);
    await dispute({ ...at, sku: "", reservationId: "" }, "lost");
    await arrive();
    const actor = "staff";
    const money = { refundId, amount: usd(1800), reason: "Too big" };
    expect(await story(at)).toEqual([
      {
        type: "order.created",
        actor: "guest",
        data: {
          items: [
            { sku: first, quantity: 2 },
            { sku: second, quantity: 1 },
          ],
          subtotal: usd(5000),
          discount: usd(500),
          discountCode: code,
          shipping: usd(0),
          total: usd(4500),
        },
      },
      {
        type: "order.paid",
        actor: "system",
        data: { paymentId: expect.stringMatching(/^pay_/), amount: usd(4500) },
      },
      {
        type: "refund.created",
        actor,
        data: { ...money, items, refundable: usd(2700) },
      },
      { type: "refund.succeeded", actor: expect.any(String), data: money },
      {
        type: "order.fulfilled",
        actor,
        data: {
          fulfillmentId,
          ...tracking,
          items: [
            { sku: first, quantity: 1 },
            { sku: second, quantity: 1 },
          ],
          fulfillmentStatus: "fulfilled",
        },
      },
      {
        type: "dispute.opened",
        actor: "stripe",
        data: expect.objectContaining({ disputeId: expect.any(String), reason: "fraudulent" }),
      },
      {
        type: "dispute.lost",
        actor: "stripe",
        data: expect.objectContaining({ amount: expect.objectContaining({ currency: "USD" }) }),
      },
    ]);
  });

  it("tells why an order ended unpaid, and which code is good again", async () => {
    const { code } = await makeDiscount();
    const canceled = await toPaymentPage();
    await cancel(canceled, { reason: "Asked for by mail" });
    expect((await story(canceled))[1]).toEqual({
      type: "order.canceled",
      actor: "staff",
      data: { reason: "Asked for by mail", total: usd(2500) },
    });
    const expired = await sellUnpaid(code);
    await travel(16 * MINUTE_MS);
    await cron();
    expect((await story(expired))[1]).toEqual({
      type: "order.expired",
      actor: "system",
      data: { total: usd(900), discountCode: code },
    });
  });

  it("tells buyers that it was the shop, and the shop which of its people and keys", async () => {
    const buyer = await makeMember();
    const sku = await makeSku(3, usd(1000));
    const body = { items: [{ sku, quantity: 2 }], email: buyer.email };
    const at = (await checkOutAs(buyer, body)).body.data;
    await stripe.pay(at.paymentUrl);
    await arrive();
    const key = await makeKey(["orders:write"]);
    const headers = { Authorization: `Bearer ${key.secret}`, "Idempotency-Key": "half" };
    const part = { amount: usd(10) };
    const refunds = `/api/v1/orders/${at.orderId}/refunds`;
    expect((await call("POST", refunds, { headers, body: part })).status).toBe(201);
    expect((await refund(at, part)).status).toBe(201);
    const events = `/api/v1/orders/${at.orderId}/events`;
    const told = (answer: Answer) =>
      answer.body.data
        .filter(({ type }: Told) => /created$/.test(type))
        .map(({ actor }: Told) => actor);
    expect(told(await as(buyer, "GET", events))).toEqual([buyer.id, "staff", "staff"]);
    expect(told(await asAdmin("GET", events))).toEqual([
      ...[buyer.id, key.id, (await theAdmin()).id],
    ]);
  });

  it("says once that a code is good again", async () => {
    const { code } = await makeDiscount();
    const at = await sellUnpaid(code);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await travel(14 * 24 * 60 * MINUTE_MS);
    await cron();
    await stripe.settle(payment_intent, "failed");
    await arrive();
    const said = (await story(at)).filter(({ type }) => type !== "order.created");
    expect(said.map(({ type, data }) => [type, data["discountCode"]])).toEqual([
      ["payment.processing", undefined],
      ["order.expired", code],
      ["payment.failed", undefined],
    ]);
  });

  it("tells of a bank that took its time, and of money that went back by itself", async () => {
    const at = await toPaymentPage();
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await cancel(at);
    await stripe.settle(payment_intent, "succeeded");
    await arrive();
    const told = await story(at);
    expect(told[1]).toEqual({
      type: "payment.processing",
      actor: "system",
      data: { paymentId: expect.stringMatching(/^pay_/), amount: usd(2500) },
    });
    expect(told[3]).toEqual({
      type: "payment.returned",
      actor: "system",
      data: {
        reason: "order_canceled",
        amount: usd(2500),
        refundId: expect.stringMatching(/^ref_/),
      },
    });
  });
});

/** At the payment page, with a code of ten percent. */
async function sellUnpaid(discountCode: string) {
  const sku = await makeSku(3, usd(1000));
  const items = [{ sku, quantity: 1 }];
  return (await checkOut({ items, discountCode })).body.data;
}
