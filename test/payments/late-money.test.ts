import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type Services, servicesOf } from "../../src/services.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { arrive, refundsAtStripe } from "../support/money-back.ts";
import { shopOver } from "../support/rig.ts";
import {
  asHolder,
  type Bought,
  checkOut,
  level,
  mails,
  order,
  reserve,
  toPaymentPage,
} from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 3_600_000;

/** What the customer is told once the payment has come; that it was late they know by then. */
const mailsAbout = async ({ orderId }: Bought) =>
  (await mails()).filter(
    ({ html, subject }) => html.includes(orderId) && !subject.includes("did not arrive in time"),
  );

/** A bank transfer of which the shop has given up hope: the one way in which money comes after the hold. */
async function lateTransfer(stock = 5): Promise<Bought & { payment: string }> {
  const at = await toPaymentPage(stock);
  const { payment_intent: payment } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
  await arrive();
  await travel(14 * DAY_MS);
  await cron();
  expect((await order(at)).status).toBe("expired");
  return { ...at, payment };
}

describe("Payment after expiry", () => {
  it("is a sale when the stock is still there", async () => {
    const at = await lateTransfer(1);
    await stripe.settle(at.payment, "succeeded");
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "paid", refunds: [] });
    expect(await level(at.sku)).toMatchObject({ onHand: 0, reserved: 0 });
    const [event] = await rows<{ data: string }>(
      "SELECT data FROM order_events WHERE type = 'order.paid'",
    );
    expect(JSON.parse(event?.data ?? "")).toEqual({
      paymentId: expect.stringMatching(/^pay_/),
      amount: { amount: 2500, currency: "USD" },
      late: true,
    });
    expect((await mailsAbout(at)).map(({ subject }) => subject)).toEqual([
      expect.stringContaining("Your receipt"),
    ]);
  });

  it("goes back, once and with a word about it, when somebody else has bought the stock, whose good order is not touched", async () => {
    const at = await lateTransfer(1);
    const { body: rival } = await checkOut({ items: [{ sku: at.sku, quantity: 1 }] });
    await stripe.pay(rival.data.paymentUrl);
    await stripe.settle(at.payment, "succeeded");
    await Promise.all([arrive(), cron(), cron()]);
    await settle();
    expect(await order(at)).toMatchObject({
      status: "expired",
      refunds: [{ amount: { amount: 2500, currency: "USD" }, reason: "sold_out" }],
    });
    expect(await refundsAtStripe()).toMatchObject([{ amount: 2500, currency: "usd" }]);
    expect(await order(rival.data)).toMatchObject({ status: "paid", refunds: [] });
    expect(await level(at.sku)).toMatchObject({ onHand: 0, reserved: 0 });
    const [mail, ...more] = await mailsAbout(at);
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^Your payment for order #\d+ is on its way back$/);
    expect(mail?.text).toContain("what you chose is no longer there");
    expect(mail?.text).toContain("$25.00");
  });

  it("goes back when somebody else holds the stock", async () => {
    const at = await lateTransfer(1);
    expect((await reserve([{ sku: at.sku, quantity: 1 }])).status).toBe(201);
    await stripe.settle(at.payment, "succeeded");
    await arrive();
    expect((await order(at)).refunds).toMatchObject([{ reason: "sold_out" }]);
    expect(await level(at.sku)).toMatchObject({ onHand: 1, reserved: 1 });
  });

  it("goes back when nothing is left at all", async () => {
    const at = await lateTransfer(1);
    await rows(
      "INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at) VALUES (?, 'damage', -1, 0, 'Broken', 'test', ?)",
      at.sku,
      Date.now(),
    );
    await stripe.settle(at.payment, "succeeded");
    await arrive();
    expect((await order(at)).refunds).toHaveLength(1);
    expect(await level(at.sku)).toMatchObject({ onHand: 0, reserved: 0 });
  });

  it("is decided once by many who notice it at the same time", async () => {
    for (let round = 0; round < 6; round += 1) {
      const at = await lateTransfer(1);
      await stripe.settle(at.payment, "succeeded");
      await stripe.control("/webhooks/behaviour", { duplicate: 2 });
      const [, rival] = await Promise.all([arrive(), reserve([{ sku: at.sku, quantity: 1 }])]);
      await settle();
      const won = rival.status === 201;
      const { status, refunds } = await order(at);
      expect({ status, refunds: refunds.length }).toEqual(
        won ? { status: "expired", refunds: 1 } : { status: "paid", refunds: 0 },
      );
      expect(await level(at.sku)).toMatchObject({ onHand: won ? 1 : 0, reserved: won ? 1 : 0 });
      expect(await mailsAbout(at)).toHaveLength(1);
      await stripe.control("/webhooks/behaviour", {});
      if (won) await asHolder("DELETE", rival.body.data.id);
    }
  });
});

/** Stripe says that a page is closed, and takes money there all the same. */
function closesNothing(): Partial<Services> {
  const payments = servicesOf(env).payments;
  const closeSession = async (id: string) => ({
    ...(await payments.readSession(id)),
    state: "expired" as const,
  });
  return { payments: { ...payments, closeSession } };
}

describe("Payment after cancel", () => {
  it("goes back although the stock is there, and the order stays canceled", async () => {
    const at = await toPaymentPage(5);
    const rig = shopOver(env.DB, { now: () => Date.now(), ...closesNothing() });
    const released = await rig.call("DELETE", `/api/v1/reservations/${at.reservationId}`, {
      headers: { "X-Order-Token": at.orderToken },
    });
    expect(released.status).toBe(204);
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect(await order(at)).toMatchObject({
      status: "canceled",
      paymentStatus: "refunded",
      refunded: { amount: 2500, currency: "USD" },
      refunds: [{ status: "succeeded", reason: "order_canceled" }],
    });
    expect(await refundsAtStripe()).toMatchObject([{ amount: 2500 }]);
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
    const [mail] = await mailsAbout(at);
    expect(mail?.text).toContain("after the order had been canceled");
  });

  it("by card, after expiry, is a sale or goes back like any other", async () => {
    const at = await toPaymentPage(1);
    await travel(15 * 60_000);
    await cronOver(servicesWith({}, closesNothing()));
    expect((await order(at)).status).toBe("expired");
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "paid" });
    expect(await level(at.sku)).toMatchObject({ onHand: 0, reserved: 0 });
  });
});
