import { describe, expect, it } from "vitest";
import { fulfill, mailsAbout, refund, sell } from "../support/after-sale.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { history } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { order, toPaymentPage } from "../support/shop.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });

/** By then a sweep has woken what nobody was told of. */
const LATER_MS = 120_000;
const lines = [
  { amount: 2500, quantity: 2 },
  { amount: 1000, quantity: 1 },
];
const nothingLeft = {
  code: "INVALID_TRANSITION",
  message: "There is nothing left of this order to send.",
};

describe("Sending an order", () => {
  it("whole, with tracking, is written down and told to its buyer once", async () => {
    const at = await sell(lines);
    const tracking = { carrier: "DHL", trackingNumber: "JD0146 0001" };
    const made = await fulfill(at, tracking);
    expect(made.status).toBe(201);
    expect(made.headers.get("Location")).toBe(`/api/v1/orders/${at.orderId}`);
    expect(made.body.data).toEqual({
      id: expect.stringMatching(/^ful_/),
      orderId: at.orderId,
      ...tracking,
      items: at.skus.map((sku, i) => ({ sku, quantity: lines[i]?.quantity })),
      createdAt: expect.any(String),
    });
    const { orderId: _, ...fulfillment } = made.body.data;
    expect(await order(at)).toMatchObject({
      status: "paid",
      fulfillmentStatus: "fulfilled",
      fulfillments: [fulfillment],
    });
    const [mail, ...more] = await mailsAbout(at, /on its way/);
    expect(more).toEqual([]);
    expect(mail?.text).toContain("It travels with DHL, tracking number JD0146 0001.");
    expect(mail?.text).toContain(`2 × Product ${at.skus[0]}`);
    expect(await rows("SELECT target FROM audit_log WHERE action = 'order.fulfilled'")).toEqual([
      { target: at.orderId },
    ]);
  });

  it("in parcels, the last one of what is left", async () => {
    const at = await sell(lines);
    const [first, second] = at.skus;
    await fulfill(at, { items: [{ sku: first, quantity: 1 }] });
    expect(await order(at)).toMatchObject({ fulfillmentStatus: "partially_fulfilled" });
    const rest = await fulfill(at);
    expect(rest.body.data).toMatchObject({
      carrier: null,
      trackingNumber: null,
      items: [
        { sku: first, quantity: 1 },
        { sku: second, quantity: 1 },
      ],
    });
    expect(await order(at)).toMatchObject({ fulfillmentStatus: "fulfilled" });
    expectError(await fulfill(at), 409, nothingLeft);
    expect(await mailsAbout(at, /on its way/)).toHaveLength(2);
  });

  it("in parcels, each with a mail of its own", async () => {
    const at = await sell(lines);
    const [first, second] = at.skus;
    await fulfill(at, { items: [{ sku: first, quantity: 2 }] });
    await fulfill(at, { items: [{ sku: second, quantity: 1 }] });
    const texts = (await mailsAbout(at, /on its way/)).map(({ text }) => text);
    expect(texts.filter((text) => text.includes(`2 × Product ${first}`))).toHaveLength(1);
    expect(texts.filter((text) => text.includes(`1 × Product ${second}`))).toHaveLength(1);
  });

  it("leaves out what was refunded", async () => {
    const at = await sell(lines);
    const [first, second] = at.skus;
    await refund(at, { items: [{ sku: first, quantity: 2, restock: "cancel" }] });
    expect((await fulfill(at)).body.data.items).toEqual([{ sku: second, quantity: 1 }]);
    expect(await order(at)).toMatchObject({ fulfillmentStatus: "fulfilled" });
    expectError(await fulfill(at), 409, nothingLeft);
  });

  it("is refused for more than was bought, for what is not in it, and twice in one list", async () => {
    const at = await sell(lines);
    const [first = "", second] = at.skus;
    await fulfill(at, { items: [{ sku: first, quantity: 1 }] });
    const items = [
      { sku: second, quantity: 1 },
      { sku: first, quantity: 2 },
      { sku: "OTHER", quantity: 1 },
    ];
    expectError(
      await fulfill(at, { items }),
      422,
      invalid({
        "items[1].quantity": "Only 1 of 2 are left to send.",
        "items[2].sku": "Is not in this order.",
      }),
    );
    const twice = [items[0], items[0]];
    expectError(
      await fulfill(at, { items: twice }),
      422,
      invalid({ "items[1].sku": "Is in the list already." }),
    );
    expect((await order(at)).fulfillments).toHaveLength(1);
  });

  it("is refused before it is paid", async () => {
    expectError(await fulfill(await toPaymentPage()), 409, {
      code: "INVALID_TRANSITION",
      message: "Only an order that is paid can be sent.",
    });
    expect((await fulfill({ orderId: "ord_none" })).status).toBe(404);
  });

  it("at once by several people sends each unit once", async () => {
    const at = await sell(lines);
    const answers = await Promise.all([fulfill(at), fulfill(at), fulfill(at)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await mailsAbout(at, /on its way/)).toHaveLength(1);
  });

  it("under one key is one parcel, also when its answer is lost", async () => {
    const at = await sell(lines);
    const { database } = databaseFailingOnce({ when: "after", about: /into "fulfillments"/i });
    const rig = shopOver(database, { now: () => Date.now() });
    const lost = await rig.asAdmin("POST", `/api/v1/orders/${at.orderId}/fulfillments`, {
      headers: { "Idempotency-Key": "k" },
      body: {},
    });
    expect(lost.status).toBe(503);
    const again = await fulfill(at, {}, "k");
    expect(again.status).toBe(201);
    expect((await fulfill(at, {}, "k")).text).toBe(again.text);
    await travel(LATER_MS);
    await cron();
    expect(await mailsAbout(at, /on its way/)).toHaveLength(1);
    expect(await history(at)).toEqual(["order.created", "order.paid", "order.fulfilled"]);
  });

  it("keeps the database's own count: no unit is sent that was not bought", async () => {
    const at = await sell(lines);
    const id = (await fulfill(at)).body.data.id;
    const more = rows(
      "INSERT INTO fulfillment_lines (fulfillment_id, order_id, sku, quantity) VALUES (?, ?, ?, 1)",
      `${id}x`,
      at.orderId,
      at.skus[0],
    );
    await expect(more).rejects.toThrow("units_exceed_items");
    const unpaid = await toPaymentPage();
    const parcel = rows(
      "INSERT INTO fulfillments (id, order_id, actor, created_at) VALUES ('ful_x', ?, 'test', 1)",
      unpaid.orderId,
    );
    await expect(parcel).rejects.toThrow("order_not_paid");
  });
});

describe("The list of orders", () => {
  it("finds them by how much was sent and how much went back", async () => {
    const at = await sell(lines);
    await fulfill(at, { items: [{ sku: at.skus[0], quantity: 1 }] });
    await refund(at, { amount: usd(100) });
    await settle();
    for (const query of [
      "fulfillmentStatus=partially_fulfilled",
      "paymentStatus=partially_refunded",
    ]) {
      const { body } = await asAdmin("GET", `/api/v1/orders?${query}`);
      expect(body.data.map(({ id }: { id: string }) => id)).toEqual([at.orderId]);
    }
  });
});
