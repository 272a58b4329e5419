import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { expectError, invalid } from "../support/expect-error.ts";
import {
  asHolder,
  checkOut,
  level,
  makeSku,
  order,
  reserve,
  toPaymentPage,
} from "../support/shop.ts";
import { askStripe, sessionOf, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const hold = async (sku: string, quantity = 1): Promise<string> =>
  (await reserve([{ sku, quantity }])).body.data.id;
const setPrice = (sku: string, amount: number) =>
  env.DB.prepare("UPDATE variants SET amount = ? WHERE sku = ?").bind(amount, sku).run();
const leftBehind = async () =>
  rows(`SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM payments) AS payments,
    (SELECT count(*) FROM reservations) AS reservations, (SELECT count(*) FROM order_events) AS events`);

describe("A checkout", () => {
  it("turns a hold into an order with a payment page", async () => {
    const sku = await makeSku(10);
    const reservationId = await hold(sku, 2);
    const answer = await checkOut({ reservationId });
    expect(answer.status).toBe(201);
    const { data } = answer.body;
    expect(data).toEqual({
      orderId: expect.stringMatching(/^ord_/),
      orderNumber: expect.any(Number),
      orderToken: expect.stringMatching(/^ot_/),
      status: "pending_payment",
      paymentUrl: expect.stringContaining("cs_"),
      expiresAt: new Date(Date.now() + 15 * MINUTE_MS).toISOString(),
      total: { amount: 5000, currency: "USD" },
    });
    expect(answer.headers.get("Location")).toBe(`/api/v1/orders/${data.orderId}`);
    expect(await level(sku)).toMatchObject({ onHand: 10, reserved: 2, available: 8 });
    const reservation = await asHolder("GET", reservationId);
    expect(reservation.body.data).toMatchObject({ status: "held", orderId: data.orderId });
  });

  it("takes items at once, holding them on the way", async () => {
    const sku = await makeSku(3);
    const answer = await checkOut({ items: [{ sku, quantity: 3 }] });
    expect(answer.status).toBe(201);
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 3, available: 0 });
    const refused = await checkOut({ items: [{ sku, quantity: 1 }] });
    expectError(refused, 409, {
      code: "INSUFFICIENT_STOCK",
      message: "There is not enough left of what you asked for.",
      details: [{ sku, requested: 1, available: 0 }],
    });
  });

  it("sums two lines of one SKU, which one by one would have passed", async () => {
    const sku = await makeSku(3);
    const two = { sku, quantity: 2 };
    const refused = await checkOut({ items: [two, two] });
    expect(refused.body.error).toMatchObject({
      code: "INSUFFICIENT_STOCK",
      details: [{ sku, requested: 4, available: 3 }],
    });
    const one = { sku, quantity: 1 };
    const bought = await checkOut({ items: [one, two] });
    expect(bought.status).toBe(201);
    const { items, total } = await order(bought.body.data);
    expect(items).toMatchObject([{ sku, quantity: 3 }]);
    expect(total).toEqual({ amount: 7500, currency: "USD" });
  });

  it("charges what the hold was made at, not what the catalog says by then", async () => {
    const sku = await makeSku(5);
    const reservationId = await hold(sku, 2);
    await setPrice(sku, 3100);
    const { body } = await checkOut({ reservationId });
    expect(body.data.total).toEqual({ amount: 5000, currency: "USD" });
    await setPrice(sku, 1);
    const bought = await order(body.data);
    expect(bought.items).toMatchObject([{ price: { amount: 2500 }, total: { amount: 5000 } }]);
    expect(bought.total).toEqual({ amount: 5000, currency: "USD" });
  });

  it("takes no price, discount or status from the client", async () => {
    const sku = await makeSku(5);
    const items = [{ sku, quantity: 1 }];
    const invented = [
      [{ items: [{ sku, quantity: 1, price: { amount: 1, currency: "USD" } }] }, "items[0].price"],
      [{ items, total: { amount: 1, currency: "USD" } }, "total"],
      [{ items, discount: 2400 }, "discount"],
      [{ items, status: "paid" }, "status"],
      [{ items, currency: "JPY" }, "currency"],
    ] as const;
    for (const [body, field] of invented) {
      expectError(await checkOut(body), 422, invalid({ [field]: "There is no such field." }));
    }
    expect(await leftBehind()).toEqual([{ orders: 0, payments: 0, reservations: 0, events: 0 }]);
  });

  it("(a rollback that itself fails) refuses items of two currencies, and there is nothing to roll back: no hold, no order", async () => {
    const dollars = await makeSku(5);
    const euros = await makeSku(5, { amount: 900, currency: "EUR" });
    const items = [dollars, euros].map((sku) => ({ sku, quantity: 1 }));
    const refused = await checkOut({ items });
    expectError(refused, 422, {
      code: "BUSINESS_RULE_VIOLATION",
      message: "These items have different currencies. Check them out one currency at a time.",
    });
    expect(await leftBehind()).toEqual([{ orders: 0, payments: 0, reservations: 0, events: 0 }]);
    expect(await level(dollars)).toMatchObject({ reserved: 0 });
    expect(await sessions()).toEqual([]);
  });

  it("shows on the payment page what the order says, line by line", async () => {
    const first = await makeSku(5, { amount: 1250, currency: "EUR" });
    const second = await makeSku(5, { amount: 399, currency: "EUR" });
    const items = [
      { sku: first, quantity: 2 },
      { sku: second, quantity: 3 },
    ];
    const { body } = await checkOut({ items });
    const page = sessionOf(body.data.paymentUrl);
    const { data: lines } = await askStripe<{ data: object[] }>(
      `/checkout/sessions/${page}/line_items`,
    );
    const bought = await order(body.data);
    expect(lines).toMatchObject(
      bought.items.map((item: { title: string; quantity: number; total: { amount: number } }) => ({
        description: `${item.title} · One`,
        quantity: item.quantity,
        amount_total: item.total.amount,
        currency: "eur",
      })),
    );
    const [session] = await sessions();
    expect(session).toMatchObject({
      id: page,
      amount_total: bought.total.amount,
      currency: "eur",
      client_reference_id: body.data.orderId,
    });
  });

  it("has a payment page that is over after an hour by itself, were nobody to close it", async () => {
    await toPaymentPage();
    expect(await sessions()).toMatchObject([
      { status: "open", expires_at: Math.floor(Date.now() / 1000) + 3600 },
    ]);
  });

  it("has a payment that says at Stripe which order it is for", async () => {
    const at = await toPaymentPage();
    const { payment_intent } = await stripe.pay(at.paymentUrl);
    expect(await askStripe(`/payment_intents/${payment_intent}`)).toMatchObject({
      metadata: { orderId: at.orderId },
    });
  });

  it("is of a hold or of items, and not of both", async () => {
    const sku = await makeSku(3);
    const items = [{ sku, quantity: 1 }];
    for (const body of [{}, { reservationId: await hold(sku), items }])
      expectError(
        await checkOut(body),
        422,
        invalid({ reservationId: "Send either reservationId or items." }),
      );
    expect(await rows("SELECT count(*) AS orders FROM orders")).toEqual([{ orders: 0 }]);
  });

  it("leads its customer to web addresses alone", async () => {
    const items = [{ sku: await makeSku(3), quantity: 1 }];
    const { body } = await checkOut({ items, successUrl: "javascript:alert(1)" });
    expect(body.error.fields).toEqual({ successUrl: "Must be an http(s) address." });
  });

  it("needs a hold that exists, is alive and has no order yet", async () => {
    const sku = await makeSku(10);
    const ended = {
      code: "RESERVATION_EXPIRED",
      message: "The reservation has ended. Reserve again to go on.",
    };
    expectError(await checkOut({ reservationId: "rsv_unknown" }), 404, {
      code: "NOT_FOUND",
      message: "There is no such reservation.",
    });
    const released = await hold(sku);
    await asHolder("DELETE", released);
    expectError(await checkOut({ reservationId: released }), 410, ended);
    const claimed = await hold(sku);
    expect((await checkOut({ reservationId: claimed })).status).toBe(201);
    expectError(await checkOut({ reservationId: claimed }), 409, {
      code: "CONFLICT",
      message: "There is already an order for this reservation.",
    });
    const late = await hold(sku);
    const early = await hold(sku);
    await travel(15 * MINUTE_MS - 1);
    expect((await checkOut({ reservationId: early })).status).toBe(201);
    await travel(1);
    expectError(await checkOut({ reservationId: late }), 410, ended);
    await cron();
    expectError(await checkOut({ reservationId: late }), 410, ended);
  });

  it("makes one order of a hold that two come to pay for at once", async () => {
    const sku = await makeSku(10);
    const reservationId = await hold(sku);
    const answers = await Promise.all(Array.from({ length: 6 }, () => checkOut({ reservationId })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await rows("SELECT count(*) AS orders FROM orders")).toEqual([{ orders: 1 }]);
    expect(await sessions()).toHaveLength(1);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });
});
