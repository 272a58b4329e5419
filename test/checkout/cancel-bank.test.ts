import { describe, expect, it } from "vitest";
import { cancelAsGuest, mailsAbout, sell } from "../support/after-sale.ts";
import { arrive, refundsAtStripe } from "../support/money-back.ts";
import { level, order, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
describe("An order that a bank is working on", () => {
  it.each([
    ["heard of", true],
    ["not heard of yet", false],
  ])(
    "(%s) is canceled, and money that still comes goes back by itself (payment after cancel or expiry)",
    async (_, heard) => {
      const at = await toPaymentPage(5);
      const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
      if (heard) await arrive();
      const answer = await cancelAsGuest(at);
      expect(answer.body.data).toMatchObject({ status: "canceled", paymentStatus: "processing" });
      expect(answer.body.data).toEqual(await order(at));
      expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0, available: 5 });
      await travel(3 * DAY_MS);
      await stripe.settle(payment_intent, "succeeded");
      await arrive();
      await arrive();
      const [made] = await rows<{ id: string }>("SELECT stripe_refund_id AS id FROM refunds");
      await stripe.control(`/refunds/${made?.id}/succeed`, {});
      await arrive();
      expect(await order(at)).toMatchObject({
        status: "canceled",
        paymentStatus: "refunded",
        refunds: [{ reason: "order_canceled", status: "succeeded" }],
      });
      expect((await mailsAbout(at, /./)).map(({ subject }) => subject)).toEqual([
        expect.stringMatching(/^Your payment .* on its way back$/),
      ]);
    },
  );

  it("is canceled, and a bank that says no after all leaves it so", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await cancelAsGuest(at);
    await stripe.settle(payment_intent, "failed");
    await arrive();
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "failed" });
  });

  it("is over when the bank has said no, and the cancellation finds that out", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await stripe.settle(payment_intent, "failed");
    const answer = await cancelAsGuest(at);
    expect(answer.body.data).toMatchObject({ status: "canceled", paymentStatus: "failed" });
    expect(answer.body.data).toEqual(await order(at));
  });
});

describe("Money that comes for a canceled order", () => {
  it("goes back, and that of a good order of the same buyer stays (a compensation that refunds the good order)", async () => {
    const canceled = await toPaymentPage(5);
    const late = await stripe.pay(canceled.paymentUrl, { method: "bank_transfer" });
    await cancelAsGuest(canceled);
    const good = await sell([{ amount: 2500, quantity: 1 }]);
    await stripe.settle(late.payment_intent, "succeeded");
    await arrive();
    await arrive();
    expect(await refundsAtStripe()).toMatchObject([{ payment_intent: late.payment_intent }]);
    expect(await order(good)).toMatchObject({ status: "paid", paymentStatus: "paid", refunds: [] });
    expect((await order(canceled)).refunds).toHaveLength(1);
    expect(await level(good.skus[0] ?? "")).toMatchObject({ onHand: 9 });
  });
});
