import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { PaymentUnavailable } from "../../src/payments/index.ts";
import { servicesOf } from "../../src/services.ts";
import { databaseFailingOnce, databaseInterrupted } from "../support/faults.ts";
import { paidInSilence } from "../support/inbox.ts";
import { cronOver, deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import { shopOver } from "../support/rig.ts";
import { type Bought, level, mails, makeSku, order, toPaymentPage } from "../support/shop.ts";
import {
  type Delivery,
  deliver,
  deliverAll,
  deliverEvent,
  sessions,
  stripe,
} from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const ordered = (first: string) => (a: Delivery, b: Delivery) =>
  Number(b.type === first) - Number(a.type === first);
async function deliverInOrder(deliveries: readonly Delivery[]): Promise<void> {
  for (const delivery of deliveries) {
    expect((await deliver(delivery)).status).toBe(200);
    await settle();
  }
}
const history = ({ orderId }: Bought) =>
  rows("SELECT type FROM order_events WHERE order_id = ? ORDER BY seq", orderId).then((events) =>
    events.map(({ type }) => type),
  );

describe("Events out of order", () => {
  it("`expired` before `completed` is a sale all the same", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    const [completed] = (await stripe.take()).filter(
      ({ type }) => type === "checkout.session.completed",
    );
    const event = JSON.parse(completed?.body ?? "");
    const expired = { ...event, id: "evt_expired", type: "checkout.session.expired" };
    expect((await deliverEvent(expired)).status).toBe(200);
    await settle();
    expect((await deliverEvent(event)).status).toBe(200);
    await settle();
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });

  it("`async_payment_succeeded` before `completed` is one sale", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await stripe.settle(payment_intent, "succeeded");
    const late = await stripe.take();
    await deliverInOrder(late.sort(ordered("checkout.session.async_payment_succeeded")));
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });

  it("`async_payment_failed` before `completed` does not wait for the bank again", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await stripe.settle(payment_intent, "failed");
    const late = await stripe.take();
    await deliverInOrder(late.sort(ordered("checkout.session.async_payment_failed")));
    expect(await history(at)).toEqual(["order.created", "payment.failed"]);
    expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
  });

  it("in any order and three times each end in the same state", async () => {
    const at = await toPaymentPage(5);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await stripe.settle(payment_intent, "succeeded");
    await stripe.control("/webhooks/behaviour", { duplicate: 2, reorder: true });
    await Promise.all((await stripe.take()).map(deliver));
    await settle();
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
    const receipts = (await mails()).filter(({ html }) => html.includes(at.orderId));
    expect(receipts).toHaveLength(1);
  });
});

describe("An event that comes late", () => {
  it("by days finds the order paid by the sweep, and changes nothing", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    await travel(15 * MINUTE_MS);
    await cron();
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
    await travel(3 * DAY_MS);
    await deliverAll();
    await settle();
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
  });

  it("and the browser's return race for nothing: reading an order changes nothing", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    expect((await order(at)).status).toBe("pending_payment");
    await Promise.all([deliverAll(), order(at), order(at)]);
    await settle();
    expect(await order(at)).toMatchObject({ status: "paid" });
  });
});

describe("An event that arrives before its order is finished", () => {
  it("is not answered 200 and lost: the order stands before Stripe hears of it", async () => {
    const { database } = databaseFailingOnce({ when: "before", about: /update "payments" set/i });
    const rig = shopOver(database, { now: () => Date.now() });
    const sku = await makeSku(3);
    const answer = await rig.call("POST", "/api/v1/checkouts", {
      headers: { "Idempotency-Key": "k" },
      body: {
        items: [{ sku, quantity: 1 }],
        successUrl: "https://storefront.test/thanks",
        cancelUrl: "https://storefront.test/cart",
      },
    });
    expect(answer.status).toBe(503);
    const [page] = await sessions();
    await stripe.pay(page?.url ?? "");
    await deliverAll();
    await settle();
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "paid" }]);
    expect(await level(sku)).toMatchObject({ onHand: 2, reserved: 0 });
  });
});

describe("An event that the queue was never told of", () => {
  it("is found by the sweep a minute later", async () => {
    const { at } = await paidInSilence();
    await travel(MINUTE_MS - 1);
    await cron();
    expect((await order(at)).status).toBe("pending_payment");
    await travel(1);
    await cron();
    await settle();
    expect((await order(at)).status).toBe("paid");
  });
});

describe("An event that has its effect while the sweep takes it for forgotten", () => {
  it("is not woken again and again", async () => {
    const { at } = await paidInSilence();
    const events = await rows<{ id: string }>("SELECT id FROM webhook_events");
    const messages = events.map(({ id }) => {
      return { id, body: { type: "webhook", id, requestId: "req_test" } };
    });
    const database = databaseInterrupted(/^update "webhook_events" set "wake_at" = \?/i, () =>
      deliverBatch(JOBS, messages),
    );
    await travel(MINUTE_MS);
    await cronOver(servicesWith({ DB: database as D1Database }));
    expect((await order(at)).status).toBe("paid");
    await settle();
    expect(await rows("SELECT id FROM webhook_events WHERE wake_at IS NOT NULL")).toEqual([]);
  });
});

describe("An event that fails", () => {
  it("says why, keeps its place in the sweep, and has its effect once Stripe is back", async () => {
    const at = await toPaymentPage(5);
    await stripe.pay(at.paymentUrl);
    await stripe.misbehave({ kind: "error_500", stored: false, times: 1000 });
    await deliverAll();
    await settle();
    expect((await order(at)).status).toBe("pending_payment");
    const failed = await rows(
      "SELECT type, attempts, last_error FROM webhook_events WHERE status = 'failed'",
    );
    expect(failed).toEqual([
      {
        type: "checkout.session.completed",
        attempts: expect.any(Number),
        last_error: "PaymentUnavailable: Stripe could not be asked",
      },
    ]);
    await stripe.misbehave();
    await travel(2 * MINUTE_MS);
    await cron();
    await expect.poll(async () => (await order(at)).status).toBe("paid");
    expect(await rows("SELECT id FROM webhook_events WHERE last_error IS NOT NULL")).toEqual([]);
  });

  it("while another try gives it its effect stays processed", async () => {
    const { at, completed: id } = await paidInSilence();
    const body = { type: "webhook", id, requestId: "req_test" };
    const { payments } = servicesOf(env);
    const readSession = async () => {
      expect((await deliverBatch(JOBS, [{ id: "faster", body }])).acked).toEqual(["faster"]);
      throw new PaymentUnavailable("Stripe could not be asked");
    };
    const services = servicesWith({}, { payments: { ...payments, readSession } });
    const { retried } = await deliverBatch(JOBS, [{ id: "slower", body }], services);
    expect(Object.keys(retried)).toEqual(["slower"]);
    expect((await order(at)).status).toBe("paid");
    expect(
      await rows("SELECT status, last_error, wake_at FROM webhook_events WHERE id = ?", id),
    ).toEqual([{ status: "processed", last_error: null, wake_at: null }]);
    await travel(2 * MINUTE_MS);
    await cron();
    await settle();
  });

  it("at its own batch has no effect, and all of it at the next try", async () => {
    const { at, completed: id } = await paidInSilence();
    const body = { type: "webhook", id, requestId: "req_test" };
    for (const when of ["before", "after"] as const) {
      const { database, failed } = databaseFailingOnce({ when, about: /update "orders"/i });
      const services = servicesWith({ DB: database as D1Database });
      const { retried } = await deliverBatch(JOBS, [{ id: "m1", body }], services);
      expect(failed()).toBe(true);
      expect(Object.keys(retried)).toEqual(["m1"]);
      expect((await order(at)).status).toBe(when === "before" ? "pending_payment" : "paid");
    }
    expect((await deliverBatch(JOBS, [{ id: "m1", body }])).acked).toEqual(["m1"]);
    await travel(2 * MINUTE_MS);
    await cron();
    await settle();
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
    expect(await level(at.sku)).toMatchObject({ onHand: 4, reserved: 0 });
  });
});
