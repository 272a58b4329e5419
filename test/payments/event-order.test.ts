import { describe, expect, it } from "vitest";
import { DEAD_JOBS, deliverBatch } from "../support/jobs.ts";
import {
  arrive,
  buy,
  dispute,
  history,
  payUnheard,
  refundInDashboard,
} from "../support/money-back.ts";
import { pageByHand } from "../support/pages-by-hand.ts";
import { level, order, toPaymentPage } from "../support/shop.ts";
import { type Delivery, deliver, sessionOf, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const events = () => rows("SELECT type, status FROM webhook_events ORDER BY received_at, id");

/** Delivers one after the other, each dealt with before the next. */
async function inOrder(deliveries: readonly Delivery[]): Promise<void> {
  for (const delivery of deliveries) {
    expect((await deliver(delivery)).status).toBe(200);
    await settle();
  }
}

const firstThese = (pattern: RegExp) => (a: Delivery, b: Delivery) =>
  Number(pattern.test(b.type)) - Number(pattern.test(a.type));

describe("an event that arrives before its order, answered 200 and lost", () => {
  it.each([
    ["refund.created", /^refund\.created/],
    ["charge.refunded", /^charge\.refunded/],
  ])("%s before the completed-event pays the order first", async (_, first) => {
    const at = await payUnheard();
    await refundInDashboard(at, 1000);
    await inOrder((await stripe.take()).sort(firstThese(first)));
    expect(await history(at)).toEqual([
      "order.created",
      "order.paid",
      "refund.succeeded by stripe",
    ]);
    expect(await order(at)).toMatchObject({
      status: "paid",
      paymentStatus: "partially_refunded",
      refunded: { amount: 1000 },
    });
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });

  it("a dispute before the completed-event pays the order first", async () => {
    const at = await payUnheard();
    await dispute(at, "opened");
    await inOrder((await stripe.take()).sort(firstThese(/dispute/)));
    expect(await history(at)).toEqual(["order.created", "order.paid", "dispute.opened by stripe"]);
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "disputed" });
  });

  it("a refund before a bank transfer is known to have arrived pays the order first", async () => {
    const page = await toPaymentPage(5);
    const { payment_intent: payment } = await stripe.pay(page.paymentUrl, {
      method: "bank_transfer",
    });
    await arrive();
    await stripe.settle(payment, "succeeded");
    const at = { ...page, payment };
    await refundInDashboard(at, 300);
    const late = (await stripe.take()).sort(firstThese(/refund/));
    await inOrder(late);
    expect(await history(at)).toEqual([
      "order.created",
      "payment.processing",
      "order.paid",
      "refund.pending by stripe",
    ]);
  });

  it("all at once, in any order, end the same", async () => {
    const at = await payUnheard();
    await refundInDashboard(at, 1000);
    await dispute(at, "opened");
    await stripe.control("/webhooks/behaviour", { duplicate: 1, reorder: true });
    await Promise.all((await stripe.take()).map(deliver));
    await settle();
    expect(await order(at)).toMatchObject({
      status: "paid",
      paymentStatus: "disputed",
      refunded: { amount: 1000 },
    });
    expect((await history(at)).toSorted()).toEqual([
      "dispute.opened by stripe",
      "order.created",
      "order.paid",
      "refund.succeeded by stripe",
    ]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });

  it.each(["checkout.session.completed", "charge.refunded", "charge.dispute.created"])(
    "%s of an order of ours that is not here is tried again, and ends where a person finds it",
    async (type) => {
      const orderId = `ord_${"0".repeat(36)}`;
      const { payment_intent: payment } = await stripe.pay(
        await pageByHand(orderId, { "metadata[orderId]": orderId, "metadata[shop]": "shop.test" }),
      );
      if (type === "charge.refunded") await stripe.control(`/payments/${payment}/refund`, {});
      else await stripe.control(`/payments/${payment}/dispute`, { status: "opened" });
      await inOrder((await stripe.take()).filter((delivery) => delivery.type === type));
      const [event] = await rows<{ id: string }>(
        "SELECT id, status, last_error FROM webhook_events",
      );
      expect(event).toMatchObject({
        status: "failed",
        last_error: `EventHeldUp: The order ${orderId} is not here, or not yet.`,
      });
      const body = { type: "webhook", id: event?.id, requestId: "r" };
      await deliverBatch(DEAD_JOBS, [{ id: "m1", body }]);
      expect(await events()).toEqual([{ type, status: "dead" }]);
    },
  );

  it("is nothing that another integration's payment page can bring about", async () => {
    const { payment_intent: payment } = await stripe.pay(await pageByHand("cart-4711"));
    await stripe.control(`/payments/${payment}/refund`, { amount: 100 });
    await stripe.control(`/payments/${payment}/dispute`, { status: "opened" });
    await arrive();
    expect(new Set((await events()).map(({ status }) => status))).toEqual(new Set(["ignored"]));
  });

  it("is nothing that another integration's payment page can bring about with an order of its own", async () => {
    const url = await pageByHand("cart-4711", { "metadata[orderId]": "4711" });
    const { payment_intent: payment } = await stripe.pay(url);
    await stripe.control(`/payments/${payment}/refund`, { amount: 100 });
    await arrive();
    expect(new Set((await events()).map(({ status }) => status))).toEqual(new Set(["ignored"]));
  });

  it("is not made of a second payment for an order: it is left to a person, and the order as it is", async () => {
    const at = await buy();
    await stripe.pay(await pageByHand(at.orderId, { "metadata[orderId]": at.orderId }));
    const before = await order(at);
    await arrive();
    const [event, ...more] = await rows<{ id: string; last_error: string }>(
      "SELECT id, last_error FROM webhook_events WHERE status = 'failed'",
    );
    expect(event?.last_error).toMatch(/^EventHeldUp: pi_\w+ pays for ord_\w+ again/);
    expect(more).toEqual([]);
    expect(await order(at)).toEqual(before);
    const body = { type: "webhook", id: event?.id, requestId: "r" };
    await deliverBatch(DEAD_JOBS, [{ id: "m1", body }]);
    expect(await events()).toContainEqual({ type: "checkout.session.completed", status: "dead" });
  });

  it("is not the end of an order whose own page is another one", async () => {
    const at = await toPaymentPage();
    await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    const url = await pageByHand(at.orderId, { "metadata[orderId]": at.orderId });
    const response = await fetch(
      `http://stripe.test/v1/checkout/sessions/${sessionOf(url)}/expire`,
      { method: "POST", headers: { Authorization: "Bearer sk_test_holdfast" } },
    );
    expect(response.status).toBe(200);
    await arrive();
    expect(await events()).toContainEqual({ type: "checkout.session.expired", status: "ignored" });
    expect(await order(at)).toMatchObject({
      status: "pending_payment",
      paymentStatus: "processing",
    });
  });

  it("is nothing that a customer can bring about by naming an order on a payment link", async () => {
    const at = await toPaymentPage();
    const { payment_intent: payment } = await stripe.pay(
      await pageByHand(at.orderId, { "line_items[0][price_data][unit_amount]": "100" }),
    );
    await stripe.control(`/payments/${payment}/refund`, { amount: 10 });
    await arrive();
    expect(new Set((await events()).map(({ status }) => status))).toEqual(new Set(["ignored"]));
    expect(await order(at)).toMatchObject({ status: "pending_payment", paymentStatus: "unpaid" });
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid", paymentStatus: "paid" });
  });
});
