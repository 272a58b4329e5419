import { describe, expect, it } from "vitest";
import { cancel, mailsAbout, refund, sell } from "../support/after-sale.ts";
import { makeDiscount } from "../support/discounts.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { arrive, dispute, refundsAtStripe } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import { level, order, reserve, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });
const one = [{ amount: 2500, quantity: 1 }];

describe("A refund of an order", () => {
  it("of everything that is left is promised at once, sent to Stripe, booked and told once", async () => {
    const at = await sell(one);
    const made = await refund(at, { reason: "Arrived broken" });
    expect(made.status).toBe(201);
    expect(made.headers.get("Location")).toBe(`/api/v1/orders/${at.orderId}`);
    expect(made.body.data).toEqual({
      id: expect.stringMatching(/^ref_/),
      orderId: at.orderId,
      status: "pending",
      amount: usd(2500),
      reason: "Arrived broken",
      source: "shop",
      items: [{ sku: at.skus[0], quantity: 1, restock: "none" }],
      createdAt: expect.any(String),
    });
    await arrive();
    const { orderId: _, ...refunded } = made.body.data;
    expect(await order(at)).toMatchObject({
      status: "paid",
      paymentStatus: "refunded",
      refunded: usd(2500),
      refunds: [{ ...refunded, status: "succeeded" }],
    });
    expect(await refundsAtStripe()).toMatchObject([{ amount: 2500, status: "succeeded" }]);
    expect(await level(at.skus[0] ?? "")).toMatchObject({ onHand: 9 });
    const told = await mailsAbout(at, /refund/);
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain("$25.00");
  });

  it("is not made by who forgot to say of what, also where the header says JSON", async () => {
    const at = await sell(one);
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const refunds = `/api/v1/orders/${at.orderId}/refunds`;
    expectError(
      await asAdmin("POST", refunds, { headers }),
      422,
      invalid({ json: "Is required: send a JSON object." }),
    );
    const typed = { ...headers, "Content-Type": "application/json" };
    expect((await asAdmin("POST", refunds, { headers: typed })).status).toBeGreaterThanOrEqual(400);
    expect((await order(at)).refunds).toEqual([]);
  });

  it("of an amount leaves the rest", async () => {
    const at = await sell(one);
    expect((await refund(at, { amount: usd(1000) })).body.data.amount).toEqual(usd(1000));
    await settle();
    expect(await order(at)).toMatchObject({
      paymentStatus: "partially_refunded",
      refunded: usd(1000),
    });
    expect((await refund(at)).body.data.amount).toEqual(usd(1500));
    await settle();
    expect(await order(at)).toMatchObject({ paymentStatus: "refunded", refunded: usd(2500) });
  });

  it("that a bank has yet to take is told once it has left", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await sell(one);
    await refund(at);
    await arrive();
    expect(await mailsAbout(at, /refund/)).toEqual([]);
    const [made] = await refundsAtStripe();
    await stripe.control(`/refunds/${made?.id}/succeed`, {});
    await arrive();
    expect(await mailsAbout(at, /refund/)).toHaveLength(1);
  });

  it("of parts is told part by part", async () => {
    const at = await sell(one);
    for (const amount of [1000, 700]) {
      await refund(at, { amount: usd(amount) });
      await settle();
    }
    const told = (await mailsAbout(at, /refund/)).map(({ text }) => /\$\d+\.\d\d/.exec(text)?.[0]);
    expect(told.sort()).toEqual(["$10.00", "$7.00"]);
  });

  it("of items is their share of what was paid, and takes back what came back", async () => {
    const { code } = await makeDiscount({ kind: "percentage", percentOff: 15 });
    const lines = [
      { amount: 999, quantity: 3 },
      { amount: 101, quantity: 1 },
    ];
    const at = await sell(lines, { discountCode: code });
    const [three = "", single = ""] = at.skus;
    const { total, shipping } = await order(at);
    const goods = total.amount - shipping.amount;
    const first = await refund(at, { items: [{ sku: three, quantity: 1, restock: "cancel" }] });
    expect(first.body.data).toMatchObject({
      amount: usd(Math.round((999 * goods) / 3098)),
      items: [{ sku: three, quantity: 1, restock: "cancel" }],
    });
    const second = await refund(at, {
      items: [
        { sku: three, quantity: 2, restock: "none" },
        { sku: single, quantity: 1, restock: "cancel" },
      ],
    });
    expect(first.body.data.amount.amount + second.body.data.amount.amount).toBe(goods);
    expect(await level(three)).toMatchObject({ onHand: 8 });
    expect(await level(single)).toMatchObject({ onHand: 10 });
    await settle();
    expect((await order(at)).refunded).toEqual(usd(goods));
  });

  it("of items is never more than is left", async () => {
    const at = await sell([{ amount: 2000, quantity: 2 }]);
    await refund(at, { amount: usd(3000) });
    const items = [{ sku: at.skus[0], quantity: 1, restock: "none" }];
    expect((await refund(at, { items })).body.data.amount).toEqual(usd(1000));
  });

  it("that takes back what was sold out lets it be sold at once", async () => {
    const at = await sell([{ amount: 2500, quantity: 10 }]);
    const [sku = ""] = at.skus;
    const next = () => reserve([{ sku, quantity: 1 }]);
    expect((await next()).status).toBe(409);
    await refund(at, { items: [{ sku, quantity: 1, restock: "cancel" }] });
    expect((await next()).status).toBe(201);
  });

  it("of items with an amount counts the amount, and the items say what came back", async () => {
    const at = await sell([{ amount: 2000, quantity: 2 }]);
    const [sku = ""] = at.skus;
    const items = [{ sku, quantity: 2, restock: "cancel" }];
    expect((await refund(at, { amount: usd(3500), items })).body.data).toMatchObject({
      amount: usd(3500),
      items,
    });
    expect(await level(sku)).toMatchObject({ onHand: 10 });
  });

  it("in a currency without decimals adds up", async () => {
    const at = await sell([{ amount: 333, quantity: 3 }], { currency: "JPY" });
    const [sku] = at.skus;
    const items = [{ sku, quantity: 1, restock: "none" }];
    const made = await refund(at, { items });
    expect(made.body.data.amount).toEqual({ amount: 333, currency: "JPY" });
    await settle();
    expect(await refundsAtStripe()).toMatchObject([{ amount: 333, currency: "jpy" }]);
  });

  it("is written into the history and the audit log with who, how much and why", async () => {
    const at = await sell([{ amount: 2500, quantity: 2 }]);
    const [sku] = at.skus;
    const items = [{ sku, quantity: 1, restock: "cancel" }];
    const made = await refund(at, { items, reason: "Too small" });
    const { data: events } = (await asAdmin("GET", `/api/v1/orders/${at.orderId}/events`)).body;
    expect(events[2]).toMatchObject({
      type: "refund.created",
      actor: expect.stringMatching(/usr_/),
      data: {
        refundId: made.body.data.id,
        amount: usd(2500),
        refundable: usd(2500),
        reason: "Too small",
        items,
      },
    });
    const [line] = await rows<{ action: string; target: string }>(
      "SELECT action, target FROM audit_log WHERE action = 'order.refunded'",
    );
    expect(line).toEqual({ action: "order.refunded", target: at.orderId });
  });
});

describe("A refund is refused", () => {
  it("without a key", async () => {
    const at = await sell(one);
    const path = `/api/v1/orders/${at.orderId}/refunds`;
    const answer = await asAdmin("POST", path, { body: {} });
    expect([answer.status, answer.body.error.code]).toEqual([400, "IDEMPOTENCY_KEY_REQUIRED"]);
  });

  it("for more than is left, saying how much is", async () => {
    const at = await sell(one);
    expectError(await refund(at, { amount: usd(2501) }), 422, {
      code: "BUSINESS_RULE_VIOLATION",
      message: "That is more than is left of what was paid.",
      details: { refundable: usd(2500) },
    });
    await refund(at, { amount: usd(2000) });
    expectError(await refund(at, { amount: usd(501) }), 422, {
      code: "BUSINESS_RULE_VIOLATION",
      message: "That is more than is left of what was paid.",
      details: { refundable: usd(500) },
    });
    await refund(at);
    const [sku] = at.skus;
    expectError(await refund(at), 422, {
      code: "BUSINESS_RULE_VIOLATION",
      message: "All of this order's money is back, or on its way back.",
      details: { refundable: usd(0) },
    });
    expectError(
      await refund(at, { items: [{ sku, quantity: 1, restock: "none" }] }),
      422,
      invalid({ "items[0].quantity": "Only 0 of 1 are left to refund." }),
    );
    expect(await rows("SELECT amount FROM refunds ORDER BY rowid")).toEqual([
      { amount: 2000 },
      { amount: 500 },
    ]);
  });

  it("in another currency, of nothing, or of what is not Money, so that 5.00 is not five cents", async () => {
    const at = await sell(one);
    expectError(await refund(at, { amount: { amount: 100, currency: "EUR" } }), 422, {
      ...invalid({ "amount.currency": "The order was paid in USD." }),
    });
    for (const amount of [
      5,
      5.0,
      0,
      -1,
      1.5,
      "100",
      usd(0),
      usd(-1),
      usd(0.5),
      { amount: 5 },
      {},
    ]) {
      const { status, body } = await refund(at, { amount });
      expect([status, body.error.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(Object.keys(body.error.fields)[0]).toMatch(/^amount/);
    }
  });

  it("of a part of a unit that no card can take", async () => {
    const at = await sell([{ amount: 1000, quantity: 1 }], { currency: "KWD" });
    expectError(
      await refund(at, { amount: { amount: 5, currency: "KWD" } }),
      422,
      invalid({ "amount.amount": "Must be a multiple of 10 in KWD." }),
    );
  });

  it("for items that are not in the order, stand there twice, or are refunded already", async () => {
    const at = await sell([{ amount: 500, quantity: 2 }]);
    const [sku = ""] = at.skus;
    const line = { sku, quantity: 1, restock: "cancel" };
    const asked = (items: object[]) => refund(at, { amount: usd(1), items });
    expectError(
      await asked([{ ...line, sku: "OTHER" }]),
      422,
      invalid({ "items[0].sku": "Is not in this order." }),
    );
    expectError(
      await asked([line, { ...line, restock: "none" }]),
      422,
      invalid({ "items[1].sku": "Is in the list already." }),
    );
    expectError(
      await asked([{ ...line, quantity: 3 }]),
      422,
      invalid({ "items[0].quantity": "Only 2 of 2 are left to refund." }),
    );
    expect((await asked([line])).status).toBe(201);
    expectError(
      await asked([{ ...line, quantity: 2 }]),
      422,
      invalid({ "items[0].quantity": "Only 1 of 2 are left to refund." }),
    );
    expect(await level(sku)).toMatchObject({ onHand: 9 });
  });

  it("while the order is not paid, is not there, or its payment is disputed", async () => {
    const unpaid = await toPaymentPage();
    expectError(await refund(unpaid), 409, {
      code: "INVALID_TRANSITION",
      message: "This order has not been paid, so there is nothing to refund.",
    });
    expect((await refund({ orderId: "ord_none" })).status).toBe(404);
    const at = await sell(one);
    const disputed = { ...at, sku: "", reservationId: "" };
    await dispute(disputed, "opened");
    await arrive();
    expectError(await refund(at), 409, {
      code: "INVALID_TRANSITION",
      message: "The customer's bank is looking into this payment. Wait until that is decided.",
    });
    await dispute(disputed, "won");
    await arrive();
    expect((await refund(at)).status).toBe(201);
  });

  it("to take back goods of an order that was never sold", async () => {
    const at = await toPaymentPage(5);
    await cancel(at);
    const sold = rows(
      "INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, order_id, actor, created_at) VALUES (?, 'return', 1, 0, 'Test', ?, 'test', 1)",
      at.sku,
      at.orderId,
    );
    await expect(sold).rejects.toThrow("restock_exceeds_items");
  });
});
