import { describe, expect, it } from "vitest";
import {
  arrive,
  bookedRefunds,
  buy,
  history,
  payUnheard,
  refundInDashboard,
  refundInDashboardThatFails,
  refundInShop,
  refundsAtStripe,
  standing,
} from "../support/money-back.ts";
import { checkOut, level, makeSku, order } from "../support/shop.ts";
import { deliver, stripe } from "../support/stripe.ts";
import { cron, rows, settle, useWorld } from "../support/world.ts";

useWorld();

describe("A refund made in Stripe's dashboard", () => {
  it("of the whole payment is the order's refund, with its history", async () => {
    const at = await buy();
    await refundInDashboard(at);
    await arrive();
    expect(await standing(at)).toEqual({
      status: "paid",
      paymentStatus: "refunded",
      attention: null,
      refunded: 2500,
    });
    expect((await order(at)).status).toBe("paid");
    expect(await bookedRefunds()).toEqual([
      { source: "provider", status: "succeeded", amount: 2500, reason: "provider_dashboard" },
    ]);
    expect(await history(at)).toEqual([
      "order.created",
      "order.paid",
      "refund.succeeded by stripe",
    ]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4 });
  });

  it("of parts, one after the other, adds up", async () => {
    const at = await buy();
    await refundInDashboard(at, 700);
    await arrive();
    expect(await standing(at)).toMatchObject({
      paymentStatus: "partially_refunded",
      refunded: 700,
    });
    await refundInDashboard(at, 800);
    await refundInDashboard(at, 1000);
    await arrive();
    expect(await standing(at)).toMatchObject({ paymentStatus: "refunded", refunded: 2500 });
    expect(await bookedRefunds()).toHaveLength(3);
  });

  it("are booked in the order in which they were made", async () => {
    const at = await buy();
    for (const amount of [700, 800, 900]) await refundInDashboard(at, amount);
    await arrive();
    expect((await bookedRefunds()).map(({ amount }) => amount)).toEqual([700, 800, 900]);
  });

  it("beside one of the shop's counts with it", async () => {
    const at = await buy();
    await refundInShop(at, 1000);
    await refundInDashboard(at, 1500);
    await arrive();
    expect(await standing(at)).toEqual({
      status: "paid",
      paymentStatus: "refunded",
      attention: null,
      refunded: 2500,
    });
    expect(await bookedRefunds()).toMatchObject([
      { source: "shop", status: "succeeded", amount: 1000 },
      { source: "provider", status: "succeeded", amount: 1500 },
    ]);
  });

  it.each([
    ["succeed", { paymentStatus: "refunded", attention: null, refunded: 2500 }],
    ["fail", { paymentStatus: "paid", attention: "refund_failed", refunded: 0 }],
  ])("that a bank needs days for is pending until it does: %s", async (outcome, end) => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await buy();
    const { id } = await refundInDashboard(at);
    await arrive();
    expect(await standing(at)).toMatchObject({ paymentStatus: "paid", refunded: 0 });
    expect(await bookedRefunds()).toMatchObject([{ status: "pending" }]);
    await stripe.control(`/refunds/${id}/${outcome}`, {});
    await arrive();
    expect(await standing(at)).toEqual({ status: "paid", ...end });
    const [, , pending, last] = await history(at);
    expect([pending, last]).toEqual([
      "refund.pending by stripe",
      `refund.${outcome === "fail" ? "failed" : "succeeded"} by stripe`,
    ]);
  });

  it("that fails after it succeeded is taken out again, and calls a person", async () => {
    const at = await buy();
    await refundInDashboardThatFails(at, 900);
    expect(await standing(at)).toEqual({
      status: "paid",
      paymentStatus: "paid",
      attention: "refund_failed",
      refunded: 0,
    });
  });

  it("that has failed before the shop hears of it, and is made again, is booked as it stands", async () => {
    const at = await buy();
    const { id } = await refundInDashboard(at);
    await stripe.control(`/refunds/${id}/fail`, {});
    await refundInDashboard(at);
    await arrive();
    expect(await standing(at)).toMatchObject({ paymentStatus: "refunded", refunded: 2500 });
    expect((await bookedRefunds()).map(({ status }) => status)).toEqual(["failed", "succeeded"]);
  });

  it("is counted in the currency's own unit, as Stripe counts otherwise", async () => {
    const sku = await makeSku(3, { amount: 900, currency: "ISK" });
    const { body } = await checkOut({ items: [{ sku, quantity: 1 }] });
    const { payment_intent: payment } = await stripe.pay(body.data.paymentUrl);
    await arrive();
    await stripe.control(`/payments/${payment}/refund`, { amount: 40_000 });
    await arrive();
    expect(await refundsAtStripe()).toMatchObject([{ amount: 40_000, currency: "isk" }]);
    expect((await order(body.data)).refunded).toEqual({ amount: 400, currency: "ISK" });
  });

  it("is booked once, its webhooks three times in parallel, out of order, and all of it twice over", async () => {
    const at = await buy();
    await refundInDashboard(at, 600);
    await refundInDashboard(at, 400);
    await stripe.control("/webhooks/behaviour", { duplicate: 2, reorder: true });
    const deliveries = await stripe.take();
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(deliveries.map(deliver));
      await settle();
      await rows("UPDATE webhook_events SET status = 'received', wake_at = 0");
      await cron();
      await settle();
    }
    expect(await standing(at)).toMatchObject({
      paymentStatus: "partially_refunded",
      refunded: 1000,
    });
    expect(await bookedRefunds()).toHaveLength(2);
    expect(await history(at)).toHaveLength(4);
  });
});

describe("A dashboard refund of an order whose completed-event was lost", () => {
  it("pays the order first, and then refunds it", async () => {
    const at = await payUnheard();
    await stripe.take();
    await refundInDashboard(at, 500);
    await arrive();
    expect(await history(at)).toEqual([
      "order.created",
      "order.paid",
      "refund.succeeded by stripe",
    ]);
    expect(await standing(at)).toMatchObject({
      paymentStatus: "partially_refunded",
      refunded: 500,
    });
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });
});
