import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { databaseFailingOnce, deadQueue } from "../support/faults.ts";
import { DEAD_JOBS, deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import {
  arrive,
  buy,
  dispute,
  history,
  type Paid,
  payUnheard,
  refundInDashboard,
} from "../support/money-back.ts";
import { shopOver } from "../support/rig.ts";
import { level, order, toPaymentPage } from "../support/shop.ts";
import { type Delivery, deliver, deliverEvent, sessionOf, stripe } from "../support/stripe.ts";
import { cron, PATIENT, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
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

describe("an event that arrives before its order, answered 200 and lost", PATIENT, () => {
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
        await pageByHand(orderId, { "metadata[orderId]": orderId }),
      );
      if (type === "charge.refunded") await stripe.control(`/payments/${payment}/refund`, {});
      else await stripe.control(`/payments/${payment}/dispute`, { status: "opened" });
      await inOrder((await stripe.take()).filter((delivery) => delivery.type === type));
      const [event] = await rows<{ id: string }>(
        "SELECT id, status, last_error FROM webhook_events",
      );
      expect(event).toMatchObject({
        status: "failed",
        last_error: `Error: The order ${orderId} is not here, or not yet.`,
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

  it("is not made of a second payment for an order: it is left to a person, and the order as it is", async () => {
    const at = await buy();
    await stripe.pay(await pageByHand(at.orderId, { "metadata[orderId]": at.orderId }));
    const before = await order(at);
    await arrive();
    const [event, ...more] = await rows<{ id: string; last_error: string }>(
      "SELECT id, last_error FROM webhook_events WHERE status = 'failed'",
    );
    expect(event?.last_error).toMatch(/^Error: pi_\w+ pays for ord_\w+ again/);
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

/** A payment page of the same Stripe account that no checkout of the shop has opened. */
async function pageByHand(reference: string, params: Record<string, string> = {}): Promise<string> {
  const response = await fetch("http://stripe.test/v1/checkout/sessions", {
    method: "POST",
    headers: { Authorization: "Bearer sk_test_holdfast" },
    body: new URLSearchParams({
      mode: "payment",
      client_reference_id: reference,
      success_url: "https://storefront.test/thanks",
      "line_items[0][quantity]": "1",
      "line_items[0][price_data][currency]": "usd",
      "line_items[0][price_data][unit_amount]": "2500",
      "line_items[0][price_data][product_data][name]": "Something",
      ...params,
    }),
  });
  const { url } = (await response.json()) as { url: string };
  return url;
}

describe("An event whose batch fails", PATIENT, () => {
  it.each([
    ["refund.created", /insert into "refunds"/i, "refund.succeeded by stripe"],
    ["charge.dispute.created", /insert into "disputes"/i, "dispute.opened by stripe"],
  ])("(%s) has no effect, and all of it, once, at the next try", async (type, about, booked) => {
    const at = await buy();
    if (type === "refund.created") await refundInDashboard(at, 1000);
    else await dispute(at, "opened");
    const rig = shopOver(env.DB, { now: () => Date.now(), bindings: { ...env, JOBS: deadQueue } });
    for (const delivery of (await stripe.take()).filter((one) => one.type === type))
      await rig.call("POST", "/webhooks/stripe", delivery);
    const [event] = await rows<{ id: string }>(
      "SELECT id FROM webhook_events WHERE type = ?",
      type,
    );
    const body = { type: "webhook", id: event?.id, requestId: "req_test" };
    for (const when of ["before", "after"] as const) {
      const { database, failed } = databaseFailingOnce({ when, about });
      const services = servicesWith({ DB: database as D1Database });
      const { retried } = await deliverBatch(JOBS, [{ id: "m1", body }], services);
      expect(failed()).toBe(true);
      expect(Object.keys(retried)).toEqual(["m1"]);
      expect(await history(at)).toEqual([
        "order.created",
        "order.paid",
        ...(when === "before" ? [] : [booked]),
      ]);
    }
    expect((await deliverBatch(JOBS, [{ id: "m1", body }])).acked).toEqual(["m1"]);
    expect(await history(at)).toHaveLength(3);
    await travel(2 * MINUTE_MS);
    await cron();
    await settle();
  });
});

describe("the same webhook three times in parallel", PATIENT, () => {
  it.each([
    ["checkout.session.completed", () => undefined, ["order.paid"]],
    [
      "refund.created",
      (at: Paid) => refundInDashboard(at),
      ["order.paid", "refund.succeeded by stripe"],
    ],
    [
      "charge.dispute.created",
      (at: Paid) => dispute(at, "opened"),
      ["order.paid", "dispute.opened by stripe"],
    ],
  ])("(%s) has one effect, at the door and from the queue", async (type, happens, effects) => {
    const at = await payUnheard();
    await happens(at);
    const [delivery] = (await stripe.take()).filter((one) => one.type === type);
    if (delivery === undefined) throw new Error(`Stripe has not sent ${type}.`);
    const answers = await Promise.all([1, 2, 3].map(() => deliver(delivery)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [event, ...more] = await rows<{ id: string }>("SELECT id FROM webhook_events");
    expect(more).toEqual([]);
    const body = { type: "webhook", id: event?.id, requestId: "r" };
    const sent = ["m1", "m2", "m3"].map((id) => ({ id, body }));
    await Promise.all(sent.map((one) => deliverBatch(JOBS, [one])));
    await settle();
    expect(await history(at)).toEqual(["order.created", ...effects]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
    expect(await events()).toEqual([{ type, status: "processed" }]);
  });
});

describe("an error for unknown event types or missing metadata", PATIENT, () => {
  it.each([
    ["a charge without a payment", "charge.refunded", { id: "ch_1", payment_intent: null }],
    ["a refund without anything", "refund.updated", {}],
    [
      "a dispute of another integration",
      "charge.dispute.created",
      { id: "dp", payment_intent: "pi_x" },
    ],
    ["a refund with metadata of another kind", "refund.created", { id: "re", metadata: { a: 1 } }],
    [
      "a payment that is an object",
      "charge.refunded",
      { id: "ch", payment_intent: { id: "pi_x" } },
    ],
    [
      "an order of another shop",
      "refund.created",
      { id: "re", payment_intent: "pi_x", metadata: { orderId: "4711" } },
    ],
    ["an event of a type to be invented", "charge.dispute.escalated", { id: "dp" }],
  ])("is not made of %s: it is kept and ignored", async (_, type, object) => {
    await deliverEvent({ id: "evt_1", object: "event", type, data: { object } });
    await settle();
    expect(await events()).toEqual([{ type, status: "ignored" }]);
  });
});

describe("The payment that an event names", PATIENT, () => {
  it("decides, not the order that somebody wrote beside it", async () => {
    const [at, other] = [await buy(), await buy()];
    await refundInDashboard(at, 400);
    const [created] = (await stripe.take()).filter(({ type }) => type === "refund.created");
    const event = JSON.parse(created?.body ?? "");
    event.data.object.metadata = { orderId: other.orderId };
    await deliverEvent(event);
    await settle();
    expect((await order(at)).refunded.amount).toBe(400);
    expect((await order(other)).refunded.amount).toBe(0);
  });
});
