import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { cancel, cancelAsGuest, fulfill, refund, sell } from "../support/after-sale.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { level, makeSku, order, reserve, toPaymentPage } from "../support/shop.ts";
import { deliverAll } from "../support/stripe.ts";
import {
  deliveriesOf,
  type Endpoint,
  makeEndpoint,
  received,
  settleDeliveries,
  verified,
} from "../support/subscribers.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

/** What an endpoint was told so far, verified. */
async function told(endpoint: Endpoint) {
  await settle();
  await cron();
  await settleDeliveries();
  return (await received(endpoint)).map((one) => verified(one, endpoint.secret));
}

const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);
const bySequence = <T extends { readonly sequence: number }>(events: readonly T[]) =>
  events.toSorted((a, b) => a.sequence - b.sequence);

describe("A subscriber", () => {
  it("is told of each step of an order once, with the order as the API shows it", async () => {
    const endpoint = await makeEndpoint();
    const sold = await sell([{ amount: 1000, quantity: 2 }]);
    await fulfill(sold, {}, "parcel");
    await refund(sold, { amount: { amount: 300, currency: "USD" } });
    await settle();
    await deliverAll();
    const events = bySequence(await told(endpoint));
    expect(typesOf(events)).toEqual(["order.paid", "order.fulfilled", "order.refunded"]);
    const shown = await order(sold);
    expect(events.at(-1)?.data).toEqual(shown);
    expect(events.every(({ data }) => data["id"] === sold.orderId)).toBe(true);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    // The numbers are those of the order's history, so the order of what has happened can be found again.
    const history = await asAdmin("GET", `/api/v1/orders/${sold.orderId}/events`);
    const names = { "refund.succeeded": "order.refunded" };
    for (const { type, sequence, timestamp } of events) {
      const entry = history.body.data[sequence - 1];
      expect(names[entry.type as keyof typeof names] ?? entry.type).toBe(type);
      expect(entry.createdAt).toBe(timestamp);
    }
  });

  it("is told at once of what the queue has had a part in", async () => {
    const endpoint = await makeEndpoint(["order.paid"]);
    await sell([{ amount: 1000, quantity: 1 }]);
    await settleDeliveries();
    expect(await received(endpoint)).toHaveLength(1);
  });

  it("is told of an order that is canceled, paid or not", async () => {
    const endpoint = await makeEndpoint(["order.canceled"]);
    const paid = await sell([{ amount: 1000, quantity: 1 }]);
    await cancel(paid);
    const open = await toPaymentPage();
    await cancelAsGuest(open);
    const events = await told(endpoint);
    expect(events.map(({ data }) => data["id"]).sort()).toEqual(
      [paid.orderId, open.orderId].sort(),
    );
  });

  it("is told once each time that stock falls to its threshold", async () => {
    const endpoint = await makeEndpoint(["inventory.low"]);
    const sku = await makeSku(7);
    const hold = async (quantity: number) =>
      (await reserve([{ sku, quantity }])).body.data.id as string;
    await hold(1);
    expect(await told(endpoint)).toEqual([]);
    const second = await hold(1);
    const shown = await level(sku);
    await hold(1);
    const [first, ...more] = await told(endpoint);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      type: "inventory.low",
      data: { ...shown, reserved: 3, available: 4 },
    });
    await asAdmin("DELETE", `/api/v1/reservations/${second}`);
    await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
      body: { kind: "receive", quantity: 1, reason: "Delivery" },
    });
    await hold(3);
    const both = bySequence(await told(endpoint));
    expect(both).toHaveLength(2);
    expect(both[0]?.id).toBe(first?.id);
  });

  it("is told of a fall by a hold that is changed where it was not low before, and each time once", async () => {
    const endpoint = await makeEndpoint(["inventory.low"]);
    const [sku, other] = [await makeSku(9), await makeSku(20)];
    const { id } = (await reserve([{ sku, quantity: 1 }])).body.data;
    const change = (quantity: number) =>
      call("PATCH", `/api/v1/reservations/${id}`, {
        body: { items: [sku, other].map((one) => ({ sku: one, quantity })) },
      });
    const falls = async () => (await told(endpoint)).length;
    const found: number[] = [];
    for (const quantity of [3, 4, 5, 6, 9, 4, 2, 3, 8]) {
      expect((await change(quantity)).status).toBe(200);
      found.push(await falls());
    }
    // Low are four of nine and more: it is low from the second change on, and not between the seventh and the last.
    expect(found).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 2]);
  });

  it("is told of a fall by a hold after another one has ended, and by one that takes later what it gave back", async () => {
    const endpoint = await makeEndpoint(["inventory.low"]);
    const [sku, other] = [await makeSku(9), await makeSku(20)];
    const first = (await reserve([{ sku, quantity: 4 }])).body.data;
    await call("DELETE", `/api/v1/reservations/${first.id}`);
    const { id } = (await reserve([{ sku, quantity: 5 }])).body.data;
    expect(await told(endpoint)).toHaveLength(2);
    const change = (of: string) =>
      call("PATCH", `/api/v1/reservations/${id}`, { body: { items: [{ sku: of, quantity: 6 }] } });
    await change(other);
    await travel(1000);
    expect((await change(sku)).status).toBe(200);
    expect(await told(endpoint)).toHaveLength(3);
  });

  it("is told of nothing that it has not asked for, and nothing is written where nobody asks", async () => {
    await sell([{ amount: 1000, quantity: 1 }]);
    expect(await rows("SELECT * FROM outgoing_events")).toEqual([]);
    const endpoint = await makeEndpoint(["order.fulfilled"]);
    const other = await makeEndpoint(["order.paid"]);
    const sold = await sell([{ amount: 1000, quantity: 1 }]);
    await fulfill(sold);
    expect(typesOf(await told(endpoint))).toEqual(["order.fulfilled"]);
    expect(typesOf(await told(other))).toEqual(["order.paid"]);
  });

  it("gets the same id and the same bytes as another, and as the time before", async () => {
    const [one, other] = [await makeEndpoint(["order.paid"]), await makeEndpoint(["order.paid"])];
    const sold = await sell([{ amount: 1000, quantity: 1 }]);
    await told(one);
    await fulfill(sold);
    const [delivery] = (await deliveriesOf(one)).body.data;
    await travel(60_000);
    const path = `/api/v1/webhook-deliveries/${delivery.id}/redeliver`;
    expect((await asAdmin("POST", path)).status).toBe(202);
    await told(one);
    const all = [...(await received(one)), ...(await received(other))];
    expect(all).toHaveLength(3);
    expect(new Set(all.map(({ body }) => body)).size).toBe(1);
    expect(new Set(all.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(all.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(2);
  });

  it("has its delivery on disk with the change itself, before anything is sent", async () => {
    const endpoint = await makeEndpoint(["order.fulfilled"]);
    const sold = await sell([{ amount: 1000, quantity: 1 }]);
    const gone = { send: () => Promise.reject(new Error("The queue is gone")) } as unknown as Queue;
    const shop = shopOver(env.DB, { bindings: { ...env, JOBS: gone, DELIVERIES: gone } });
    await shop.asAdmin("POST", `/api/v1/orders/${sold.orderId}/fulfillments`, { body: {} });
    const [waiting] = (await deliveriesOf(endpoint)).body.data;
    expect(waiting).toMatchObject({ type: "order.fulfilled", status: "pending", attempts: [] });
    await travel(2 * 60_000);
    await cron();
    expect(typesOf(await told(endpoint))).toEqual(["order.fulfilled"]);
  });
});
