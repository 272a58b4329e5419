import { describe, expect, it } from "vitest";
import { cancel, fulfill, mailsAbout, refund, sell } from "../support/after-sale.ts";
import { expectError } from "../support/expect-error.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { arrive, dispute, history, refundsAtStripe } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { level, order, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

/** By then a sweep has woken what nobody was told of. */
const LATER_MS = 120_000;
const usd = (amount: number) => ({ amount, currency: "USD" });
const two = [
  { amount: 2500, quantity: 2 },
  { amount: 1000, quantity: 1 },
];
const onHand = (skus: readonly string[]) =>
  Promise.all(skus.map(async (sku) => (await level(sku)).onHand));

describe("A paid order that staff cancel", () => {
  it("gives all of its money back and all of its goods to the shelf, and its buyer is told once", async () => {
    const at = await sell(two);
    const answer = await cancel(at, { reason: "Water damage" });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({
      status: "canceled",
      paymentStatus: "paid",
      refunds: [
        {
          status: "pending",
          amount: usd(6000),
          reason: "order_canceled",
          items: at.skus.map((sku, i) => ({ sku, quantity: [2, 1][i], restock: "cancel" })),
        },
      ],
    });
    await arrive();
    expect(await order(at)).toMatchObject({
      status: "canceled",
      paymentStatus: "refunded",
      refunded: usd(6000),
    });
    expect(await onHand(at.skus)).toEqual([10, 10]);
    expect(await refundsAtStripe()).toMatchObject([{ amount: 6000, status: "succeeded" }]);
    const told = (await mailsAbout(at, /./)).filter(({ subject }) => !/receipt/.test(subject));
    expect(told.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^Order #\d+ was canceled$/),
    ]);
    expect(told[0]?.text).toContain("$60.00");
    const { body } = await asAdmin("GET", `/api/v1/orders/${at.orderId}/events`);
    expect(body.data[2]).toMatchObject({
      type: "order.canceled",
      data: {
        reason: "Water damage",
        refunded: usd(6000),
        refundId: answer.body.data.refunds[0].id,
        restocked: [
          { sku: at.skus[0], quantity: 2 },
          { sku: at.skus[1], quantity: 1 },
        ],
      },
    });
  });

  it("answers the order as it is from then on", async () => {
    const at = await sell(two);
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const answer = await cancel(at);
    const { updatedAt: _, ...now } = await order(at);
    const { updatedAt: __, ...then } = answer.body.data;
    expect(now).toEqual(then);
  });

  it("keeps its goods off the shelf where they say so", async () => {
    const at = await sell(two);
    await cancel(at, { restock: false });
    expect(await onHand(at.skus)).toEqual([8, 9]);
    expect((await order(at)).refunds[0].items).toEqual(
      at.skus.map((sku, i) => ({ sku, quantity: [2, 1][i], restock: "none" })),
    );
  });

  it("gives back what is left after refunds before, in money and in goods", async () => {
    const at = await sell(two);
    const [first = ""] = at.skus;
    await refund(at, { items: [{ sku: first, quantity: 1, restock: "cancel" }] });
    await refund(at, { amount: usd(500) });
    await settle();
    const answer = await cancel(at);
    expect(answer.body.data.refunds.at(-1)).toMatchObject({
      amount: usd(3000),
      items: at.skus.map((sku) => ({ sku, quantity: 1, restock: "cancel" })),
    });
    await settle();
    expect(await order(at)).toMatchObject({ paymentStatus: "refunded", refunded: usd(6000) });
    expect(await onHand(at.skus)).toEqual([10, 10]);
  });

  it("gives back its goods also when all of its money went back before", async () => {
    const at = await sell(two);
    await refund(at, { amount: usd(6000) });
    await settle();
    expect((await cancel(at)).body.data).toMatchObject({ status: "canceled", refunds: [{}] });
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "refunded" });
    expect(await onHand(at.skus)).toEqual([10, 10]);
    const [mail] = await mailsAbout(at, /canceled/);
    expect(mail?.text).toContain("on its way back to you already");
  });

  it("leaves off the shelf what a refund has left off it", async () => {
    const at = await sell(two);
    await refund(at);
    await settle();
    expect((await cancel(at)).status).toBe(200);
    expect(await onHand(at.skus)).toEqual([8, 9]);
  });

  it("does not take goods back twice when a refund that brought them has failed", async () => {
    const at = await sell([{ amount: 2500, quantity: 2 }]);
    const [sku = ""] = at.skus;
    await refund(at, { items: [{ sku, quantity: 1, restock: "cancel" }] });
    await settle();
    const [made] = await rows<{ id: string }>("SELECT provider_refund_id AS id FROM refunds");
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await arrive();
    expect((await cancel(at)).body.data).toMatchObject({ attention: null });
    await settle();
    expect(await order(at)).toMatchObject({
      paymentStatus: "refunded",
      refunded: usd(5000),
      attention: null,
    });
    expect(await onHand([sku])).toEqual([10]);
  });

  it("does not take back what was refunded and stayed away", async () => {
    const at = await sell([{ amount: 2500, quantity: 2 }]);
    const [sku = ""] = at.skus;
    await refund(at, { items: [{ sku, quantity: 1, restock: "none" }] });
    await settle();
    expect((await cancel(at)).status).toBe(200);
    expect(await onHand([sku])).toEqual([9]);
  });

  it("gives back the money of what is left, and leaves it off the shelf with what was refunded before", async () => {
    const at = await sell([{ amount: 2500, quantity: 2 }]);
    const [sku = ""] = at.skus;
    await refund(at, { items: [{ sku, quantity: 1, restock: "none" }] });
    await settle();
    expect((await cancel(at, { restock: false })).status).toBe(200);
    await settle();
    const { refunds, refunded } = await order(at);
    expect(refunds.map(({ items }: { items: object[] }) => items)).toEqual([
      [{ sku, quantity: 1, restock: "none" }],
      [{ sku, quantity: 1, restock: "none" }],
    ]);
    expect(refunded).toEqual(usd(5000));
    expect(await onHand([sku])).toEqual([8]);
  });

  it("takes all goods back when a refund of some that stayed away has failed", async () => {
    const at = await sell([{ amount: 2500, quantity: 2 }]);
    const [sku = ""] = at.skus;
    await refund(at, { items: [{ sku, quantity: 1, restock: "none" }] });
    await settle();
    const [made] = await rows<{ id: string }>("SELECT provider_refund_id AS id FROM refunds");
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await arrive();
    await cancel(at);
    expect(await onHand([sku])).toEqual([10]);
  });

  it("whose refund fails calls a person, who can send it again", async () => {
    const at = await sell(two);
    await cancel(at);
    await settle();
    const [made] = await rows<{ id: string }>("SELECT provider_refund_id AS id FROM refunds");
    await stripe.control(`/refunds/${made?.id}/fail`, {});
    await arrive();
    expect(await order(at)).toMatchObject({
      status: "canceled",
      paymentStatus: "paid",
      attention: { reason: "refund_failed" },
    });
    await refund(at, { amount: usd(1000) });
    expect(await order(at)).toMatchObject({ attention: { reason: "refund_failed" } });
    await settle();
    expect((await refund(at)).body.data.amount).toEqual(usd(5000));
    await settle();
    expect(await order(at)).toMatchObject({ paymentStatus: "refunded", attention: null });
    expect(await onHand(at.skus)).toEqual([10, 10]);
  });

  it("is canceled once, however many do it at once", async () => {
    const at = await sell(two);
    const answers = await Promise.all(Array.from({ length: 5 }, () => cancel(at)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    await settle();
    expect(await refundsAtStripe()).toHaveLength(1);
    expect(await onHand(at.skus)).toEqual([10, 10]);
  });

  it("and is refunded at the same moment gives back what was paid, never more", async () => {
    const at = await sell(two);
    const answers = await Promise.all([
      refund(at, { amount: usd(4000) }),
      cancel(at),
      refund(at, { amount: usd(4000) }),
    ]);
    for (const { status } of answers) expect([200, 201, 422]).toContain(status);
    await settle();
    expect((await order(at)).refunded).toEqual(usd(6000));
  });

  it.each(["before", "after"] as const)(
    "is canceled once when the database fails %s it is written",
    async (when) => {
      const at = await sell(two);
      const { database, failed } = databaseFailingOnce({ when, about: /insert into "refunds"/i });
      const rig = shopOver(database, { now: () => Date.now() });
      const headers = { "Idempotency-Key": "k" };
      const path = `/api/v1/orders/${at.orderId}/cancel`;
      expect((await rig.asAdmin("POST", path, { headers })).status).toBe(503);
      expect(failed()).toBe(true);
      expect((await cancel(at, undefined, "k")).status).toBe(200);
      await travel(LATER_MS);
      await cron();
      await settle();
      expect(await refundsAtStripe()).toHaveLength(1);
      expect(await history(at)).toEqual([
        "order.created",
        "order.paid",
        "order.canceled",
        "refund.succeeded",
      ]);
    },
  );
});

describe("An order is not canceled", () => {
  const refuse = (message: string) => ({ code: "INVALID_TRANSITION", message });

  it("twice", async () => {
    const at = await toPaymentPage();
    await cancel(at);
    expectError(await cancel(at), 409, refuse("This order has been canceled already."));
  });

  it("once it has expired", async () => {
    const at = await toPaymentPage();
    await travel(16 * 60_000);
    await cron();
    expectError(
      await cancel(at),
      409,
      refuse("This order was not paid in time, so there is nothing to cancel."),
    );
  });

  it("once something of it was sent", async () => {
    const at = await sell(two);
    await fulfill(at, { items: [{ sku: at.skus[1], quantity: 1 }] });
    expectError(
      await cancel(at),
      409,
      refuse(
        "Something of this order has been sent, so it cannot be canceled. It can be refunded.",
      ),
    );
  });

  it("while its payment is disputed", async () => {
    const at = await sell(two);
    await dispute({ ...at, sku: "", reservationId: "" }, "opened");
    await arrive();
    expectError(
      await cancel(at),
      409,
      refuse("The customer's bank is looking into this payment. Wait until that is decided."),
    );
    expect(await refundsAtStripe()).toEqual([]);
  });

  it("when it does not exist", async () => {
    expect((await cancel({ orderId: "ord_none" })).status).toBe(404);
  });
});
