import { describe, expect, it } from "vitest";
import { databaseFailingOnce } from "../support/faults.ts";
import { eventOf, storeUnheard } from "../support/inbox.ts";
import { deliverBatch, JOBS, servicesWith } from "../support/jobs.ts";
import {
  buy,
  dispute,
  history,
  type Paid,
  payUnheard,
  refundInDashboard,
} from "../support/money-back.ts";
import { level, order } from "../support/shop.ts";
import { deliver, deliverEvent, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const events = () => rows("SELECT type, status FROM webhook_events ORDER BY received_at, id");

describe("An event whose batch fails", () => {
  it.each([
    ["refund.created", /insert into "refunds"/i, "refund.succeeded by stripe"],
    ["charge.dispute.created", /insert into "disputes"/i, "dispute.opened by stripe"],
  ])("(%s) has no effect, and all of it, once, at the next try", async (type, about, booked) => {
    const at = await buy();
    if (type === "refund.created") await refundInDashboard(at, 1000);
    else await dispute(at, "opened");
    await storeUnheard(type);
    const body = { type: "webhook", id: await eventOf(type), requestId: "req_test" };
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

describe("the same webhook three times in parallel", () => {
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

describe("an error for unknown event types or missing metadata", () => {
  it.each([
    ["a charge without a payment", "charge.refunded", { id: "ch_1", payment_intent: null }],
    ["a refund without anything", "refund.updated", {}],
    [
      "a dispute of another integration",
      "charge.dispute.created",
      { id: "dp", payment_intent: "pi_x" },
    ],
    ["a refund with metadata of another kind", "refund.created", { id: "re", metadata: { a: 1 } }],
    ["metadata that is no object", "refund.created", { id: "re", metadata: "a" }],
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

describe("The payment that an event names", () => {
  it.each([
    ["metadata that is no object", (named: string) => ({ payment_intent: named, metadata: "a" })],
    [
      "the whole of it in place of its id",
      (named: string) => ({ payment_intent: { id: named }, metadata: {} }),
    ],
  ])("is found beside %s", async (_, as) => {
    const at = await buy();
    await refundInDashboard(at, 400);
    const [created] = (await stripe.take()).filter(({ type }) => type === "refund.created");
    const event = JSON.parse(created?.body ?? "");
    const named = event.data.object.payment_intent;
    Object.assign(event.data.object, as(named));
    await deliverEvent(event);
    await settle();
    expect((await order(at)).refunded.amount).toBe(400);
    const subjects = "SELECT subject FROM webhook_events WHERE type = 'refund.created'";
    expect(await rows(subjects)).toEqual([{ subject: named }]);
  });

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
