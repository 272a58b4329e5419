import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { applySession } from "../../src/checkout/settling/apply-session.ts";
import { findOrder, indexOrder } from "../../src/orders/index.ts";
import { createContext } from "../../src/services.ts";
import { sendDelivery } from "../../src/subscribers/index.ts";
import { customerOf, orderFor, type Purchase } from "../support/customers.ts";
import { databaseInterrupted } from "../support/faults.ts";
import {
  ADA,
  boughtAndSent,
  FIVE_MINUTES,
  forget,
  leftUnpaid,
  NAME,
  WHERE,
} from "../support/forgetting.ts";
import { servicesWith } from "../support/jobs.ts";
import { arrive } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { level } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { makeEndpoint, received } from "../support/subscribers.ts";
import { tracesOf } from "../support/traces.ts";
import { cron, rows, settle, useWorld } from "../support/world.ts";

useWorld();

/** The Worker over a database in which Ada is deleted right before its first batch with a statement like this. */
function whileForgotten(about: RegExp, binding: "DB" | "SEARCH" = "DB") {
  const happens = async () => {
    expect((await forget(ADA)).status).toBe(204);
    if (binding === "SEARCH") await settle(); // the index has heard of it
  };
  const database = databaseInterrupted(about, happens, env[binding]) as D1Database;
  return createContext(servicesWith({ [binding]: database }), {
    requestId: "req_late",
    actor: { kind: "system", label: "system", address: "" },
    later: () => undefined,
    log: {},
  });
}

const shown = async ({ orderId }: Purchase) =>
  (await asAdmin("GET", `/api/v1/orders/${orderId}`)).body.data;

describe("Whoever has read an order before its buyer was deleted", () => {
  it("sells nothing by it: late money goes back, and nobody is a customer again", async () => {
    await boughtAndSent({ email: ADA });
    const order = await orderFor({ email: ADA, shippingAddress: WHERE });
    const { payment_intent: payment } = await stripe.pay(order.paymentUrl);
    await leftUnpaid(order);
    const ctx = whileForgotten(/insert into "order_events"/i);
    const session = (await ctx.payments.findOrigin(payment))?.session;
    const [read] = await ctx.db.run(findOrder(order.orderId));
    if (session === undefined || read === undefined) throw new Error("There is no such order.");
    expect(await applySession(ctx, read, session)).toBe("give_back");
    await settle();
    await deliverAll();
    await arrive();
    expect(await shown(order)).toMatchObject({
      ...{ status: "expired", paymentStatus: "refunded", email: null },
    });
    expect(await customerOf(ADA)).toBeUndefined();
    await cron(FIVE_MINUTES);
    expect(await tracesOf([ADA, NAME])).toEqual([]);
  });

  it("writes nothing of them back into the index of words", async () => {
    const { orderId } = await boughtAndSent({ email: ADA });
    await indexOrder(whileForgotten(/INSERT INTO/, "SEARCH"), { orderId });
    await settle();
    for (const word of [ADA, NAME, "TRACK-771"]) {
      const found = await asAdmin("GET", `/api/v1/orders?q=${encodeURIComponent(word)}`);
      expect([word, found.body.data]).toEqual([word, []]);
    }
  });

  it("tells subscribers, and keeps for them, what is left of it", async () => {
    const endpoint = await makeEndpoint(["order.fulfilled"]);
    const path = `/api/v1/webhook-endpoints/${endpoint.id}`;
    await asAdmin("PATCH", path, { body: { status: "paused" } });
    const { orderId } = await boughtAndSent({ email: ADA });
    await rows("UPDATE webhook_deliveries SET wake_at = wake_at + 600000"); // nobody else sends it
    await rows("UPDATE webhook_endpoints SET status = 'active'");
    const [delivery] = await rows<{ id: string }>("SELECT id FROM webhook_deliveries");
    await sendDelivery(whileForgotten(/UPDATE outgoing_events/), { id: delivery?.id ?? "" });
    const [sent, ...more] = await received(endpoint);
    expect(more).toEqual([]);
    expect(JSON.parse(sent?.body ?? "").data).toMatchObject({ id: orderId, email: null });
    await cron(FIVE_MINUTES);
    expect(await tracesOf([ADA, NAME])).toEqual([]);
    expect(sent?.body).not.toContain(NAME);
  });
});

describe("An order of somebody who was deleted", () => {
  it("has a line in its history, and a version, of its own for it", async () => {
    const order = await boughtAndSent({ email: ADA });
    const versions = "SELECT version FROM orders";
    const [before] = await rows<{ version: number }>(versions);
    expect((await forget(ADA)).status).toBe(204);
    expect(await rows(versions)).toEqual([{ version: (before?.version ?? 0) + 1 }]);
    const history = (await asAdmin("GET", `/api/v1/orders/${order.orderId}/events`)).body.data;
    expect(history.at(-1)).toMatchObject({ type: "customer.deleted", data: {} });
  });

  it("is not sold, whoever says so", async () => {
    await boughtAndSent({ email: ADA });
    const order = await orderFor({ email: ADA, shippingAddress: WHERE });
    await leftUnpaid(order);
    expect((await forget(ADA)).status).toBe(204);
    await expect(
      rows("UPDATE orders SET status = 'paid' WHERE id = ?", order.orderId),
    ).rejects.toThrow("order_forgotten");
  });

  it("that is written again for money that came after it was purged is called off, and the money goes back", async () => {
    await boughtAndSent({ email: ADA });
    const order = await orderFor({ email: ADA, shippingAddress: WHERE });
    await leftUnpaid(order);
    expect((await forget(ADA)).status).toBe(204);
    for (const sql of [
      "UPDATE retention_clock SET now = 9999999999999",
      "DELETE FROM idempotency_keys",
      "DELETE FROM orders WHERE captured = 0",
    ])
      await rows(sql);
    await stripe.pay(order.paymentUrl); // at a page that should have been closed
    await deliverAll();
    await settle();
    await arrive();
    expect(await shown(order)).toMatchObject({
      ...{ status: "canceled", paymentStatus: "refunded", email: null },
      refunds: [{ amount: { amount: 2500 }, reason: "order_canceled" }],
    });
    expect(await level(order.sku)).toMatchObject({ onHand: 5, reserved: 0 });
    await cron(FIVE_MINUTES);
    expect(await tracesOf([ADA, NAME])).toEqual([]);
  });
});
