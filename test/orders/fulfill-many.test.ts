import { describe, expect, it } from "vitest";
import { cancel, fulfill, mailsAbout, refund, type Sold, sell } from "../support/after-sale.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import type { Answer } from "../support/http.ts";
import { dispute } from "../support/money-back.ts";
import { as, asAdmin, personWithRole } from "../support/people.ts";
import { logOf, shopOver } from "../support/rig.ts";
import { toPaymentPage } from "../support/shop.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const two = [{ amount: 2500, quantity: 2 }];
const PATH = "/api/v1/fulfillments";
const MINUTE_MS = 60_000;

const keyed = (key: string) => ({ "Idempotency-Key": key });
const send = (orders: unknown, key: string = crypto.randomUUID()): Promise<Answer> =>
  asAdmin("POST", PATH, { body: { orders }, headers: keyed(key) });
const parcels = async () =>
  (await rows<{ n: number }>("SELECT count(*) AS n FROM fulfillments"))[0]?.n;
const several = async (count: number) => {
  const sold: Sold[] = [];
  for (let i = 0; i < count; i += 1) sold.push(await sell(two));
  return sold;
};

describe("Many orders are sent in one call", () => {
  it("with a result each, in the order of the request", async () => {
    const [one, other, third] = (await several(3)) as [Sold, Sold, Sold];
    const answer = await send([
      { id: third.orderId, carrier: "DHL", trackingNumber: "JD3" },
      { id: one.orderId },
      { id: other.orderId, items: [{ sku: other.skus[0], quantity: 1 }] },
    ]);
    expect(answer.status).toBe(200);
    const items = (at: Sold, quantity: number) => [{ sku: at.skus[0], quantity }];
    expect(answer.body.data).toMatchObject([
      {
        id: third.orderId,
        status: "fulfilled",
        fulfillment: {
          ...{ carrier: "DHL", trackingNumber: "JD3", orderId: third.orderId },
          items: items(third, 2),
        },
      },
      { id: one.orderId, status: "fulfilled", fulfillment: { trackingNumber: null } },
      {
        id: other.orderId,
        status: "partially_fulfilled",
        fulfillment: { items: items(other, 1) },
      },
    ]);
    for (const at of [one, other, third]) expect(await mailsAbout(at, /sent|way/i)).toHaveLength(1);
    const [row] = await rows<{ n: number }>(
      "SELECT count(*) AS n FROM audit_log WHERE action = 'order.fulfilled'",
    );
    expect(row?.n).toBe(3);
  });

  it("and one that cannot be sent says why in its place, and keeps none from being sent", async () => {
    const [good, canceled, sent, back, disputed, last] = (await several(6)) as [
      Sold,
      Sold,
      Sold,
      Sold,
      Sold,
      Sold,
    ];
    await cancel(canceled);
    await fulfill(sent);
    await refund(back, { amount: { amount: 5000, currency: "USD" } });
    await dispute({ ...disputed, sku: "", reservationId: "" }, "opened");
    await settle();
    const unpaid = await toPaymentPage();
    const { status, body } = await send([
      { id: canceled.orderId },
      { id: good.orderId },
      { id: "ord_none" },
      { id: sent.orderId },
      { id: back.orderId },
      { id: unpaid.orderId },
      {
        id: last.orderId,
        items: [
          { sku: last.skus[0], quantity: 3 },
          { sku: "NONE", quantity: 1 },
        ],
      },
    ]);
    expect(status).toBe(200);
    const fields = {
      "orders[6].items[0].quantity": "Only 2 of 2 are left to send.",
      "orders[6].items[1].sku": "Is not in this order.",
    };
    expect(body.data).toMatchObject([
      { id: canceled.orderId, error: { code: "INVALID_TRANSITION" } },
      { id: good.orderId, status: "fulfilled" },
      { id: "ord_none", error: { code: "NOT_FOUND", message: "There is no such order." } },
      { id: sent.orderId, error: { code: "INVALID_TRANSITION" } },
      { id: back.orderId, error: { code: "INVALID_TRANSITION" } },
      { id: unpaid.orderId, error: { code: "INVALID_TRANSITION" } },
      { id: last.orderId, error: { code: "VALIDATION_FAILED", fields } },
    ]);
    expect(await parcels()).toBe(2);
    const despite = await send([{ id: back.orderId, despite: "refunded" }]);
    expect(despite.body.data[0]).toMatchObject({ id: back.orderId, status: "fulfilled" });
  });

  it("not one twice, nor none, nor more than a hundred", async () => {
    const at = await sell(two);
    const twice = await send([{ id: at.orderId }, { id: "ord_x" }, { id: at.orderId }]);
    expect([twice.status, twice.body.error.fields]).toEqual([
      422,
      { "orders[2].id": "Is in the list already." },
    ]);
    const many = Array.from({ length: 101 }, (_, i) => ({ id: `ord_${i}` }));
    for (const wrong of [[], many, [{}], [{ id: "" }], [{ id: "ord_x", number: 1 }], "ord_x"])
      expect((await send(wrong)).status).toBe(422);
    const without = await asAdmin("POST", "/api/v1/fulfillments?", { body: { orders: [] } });
    expect([without.status, without.body.error.code]).toEqual([400, "IDEMPOTENCY_KEY_REQUIRED"]);
    expect(await parcels()).toBe(0);
  });

  it("a hundred, by a bounded number of calls", async () => {
    const at = await sell(two);
    const ids = Array.from({ length: 99 }, (_, i) => ({ id: `ord_${i}` }));
    const answer = await send([...ids, { id: at.orderId }]);
    expect(answer.body.data).toHaveLength(100);
    expect(answer.body.data[99]).toMatchObject({ status: "fulfilled" });
    const trips = Number(/desc="(\d+)"/.exec(answer.headers.get("Server-Timing") ?? "")?.[1]);
    expect(trips).toBe(3);
  });

  it("by admins, and by nobody else", async () => {
    const at = await sell(two);
    for (const role of ["customer", "agent"] as const) {
      const person = await personWithRole(role);
      const answer = await as(person, "POST", PATH, { body: { orders: [{ id: at.orderId }] } });
      expect([role, answer.status]).toEqual([role, 403]);
    }
    expect(await parcels()).toBe(0);
  });
});

describe("A retry of many", () => {
  it("gets the first answer again, refusals too, and nothing is sent twice", async () => {
    const [one, other] = (await several(2)) as [Sold, Sold];
    const orders = [
      { id: one.orderId, items: [{ sku: one.skus[0], quantity: 1 }] },
      { id: "ord_none" },
      { id: other.orderId },
    ];
    const first = await send(orders, "k");
    const again = await send(orders, "k");
    expect(again.text).toBe(first.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await parcels()).toBe(2);
    const changed = await send([{ id: one.orderId }], "k");
    expect([changed.status, changed.body.error.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    expect(await parcels()).toBe(2);
  });

  const failures = [
    ["before the parcel of one is written", /insert into "fulfillments"/i, "before", 6],
    ["after the parcel of one is written", /insert into "fulfillments"/i, "after", 7],
    ["before the answer is written", /update "idempotency_keys" set "status"/i, "before", 7],
    ["after the answer is written", /update "idempotency_keys" set "status"/i, "after", 7],
    ["before anything is", /insert into "idempotency_keys"/i, "before", 0],
  ] as const;
  it.each(failures)(
    "after a failure %s sends what was left, once",
    async (_, about, when, sent) => {
      const sold = await several(7);
      // One of two units: a line that was done again would find another to send.
      const orders = sold.map(({ orderId, skus }) => ({
        id: orderId,
        items: [{ sku: skus[0], quantity: 1 }],
      }));
      const { database, failed } = databaseFailingOnce({ when, about });
      await logOf(async () => {
        const options = { body: { orders }, headers: keyed("k") };
        const { status } = await shopOver(database).asAdmin("POST", PATH, options);
        expect(status).toBeGreaterThanOrEqual(500);
      });
      expect([failed(), await parcels()]).toEqual([true, sent]);
      const answer = await send(orders, "k");
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body.data).toMatchObject(
        sold.map(({ orderId }) => ({ id: orderId, status: "partially_fulfilled" })),
      );
      expect(await parcels()).toBe(7);
      expect((await send(orders, "k")).text).toBe(answer.text);
      await travel(2 * MINUTE_MS); // what nobody was woken for is found by the sweep
      await cron();
      for (const at of sold) expect(await mailsAbout(at, /sent|way/i)).toHaveLength(1);
    },
  );

  it("whose first try has died goes on once its time is over, and not before", async () => {
    const [one, other] = (await several(2)) as [Sold, Sold];
    const orders = [one, other].map(({ orderId }) => ({ id: orderId }));
    const { database } = databaseFailingOnce({
      when: "after",
      about: /insert into "fulfillments"/i,
    });
    const { database: dead } = dying(database);
    await logOf(() =>
      shopOver(dead).asAdmin("POST", PATH, { body: { orders }, headers: keyed("k") }),
    );
    const changed = await send([{ id: one.orderId }], "k");
    expect([changed.status, changed.body.error.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    const early = await send(orders, "k");
    expect([early.status, early.body.error.code]).toEqual([409, "IDEMPOTENCY_KEY_IN_USE"]);
    await travel(2 * MINUTE_MS);
    const late = await send(orders, "k");
    expect(late.body.data).toMatchObject([{ status: "fulfilled" }, { status: "fulfilled" }]);
    expect(await parcels()).toBe(2);
    await cron();
  });

  it("while the first is at work is told so, and both together send once", async () => {
    const sold = await several(3);
    const orders = sold.map(({ orderId }) => ({ id: orderId }));
    const answers = await Promise.all([1, 2, 3].map(() => send(orders, "k")));
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const { status, body } of answers)
      if (status !== 200) expect(body.error.code).toBe("IDEMPOTENCY_KEY_IN_USE");
    expect(await parcels()).toBe(3);
  });
});

/** A database that answers nothing after its first failure, as to a Worker that is gone. */
function dying(database: object) {
  const { prepare, batch } = database as Pick<D1Database, "prepare" | "batch">;
  let gone = false;
  return {
    database: {
      prepare,
      batch: async (statements: D1PreparedStatement[]) => {
        if (gone) throw new Error("D1_ERROR: gone");
        try {
          return await batch(statements);
        } catch (error) {
          gone = true;
          throw error;
        }
      },
    },
  };
}

describe("The same order in two calls at once", () => {
  it("is sent once", async () => {
    const at = await sell(two);
    const both = await Promise.all([send([{ id: at.orderId }]), send([{ id: at.orderId }])]);
    const lines = both.map(({ body }) => body.data[0]);
    expect(lines.filter(({ fulfillment }) => fulfillment)).toHaveLength(1);
    expect(lines.filter(({ error }) => error?.code === "INVALID_TRANSITION")).toHaveLength(1);
    expect(await parcels()).toBe(1);
  });
});
