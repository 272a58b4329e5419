import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { cancel, fulfill, mailsAbout, refund } from "../support/after-sale.ts";
import { makeMember } from "../support/credentials.ts";
import { discount, makeDiscount } from "../support/discounts.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { databaseFailingOnce, databaseInterrupted } from "../support/faults.ts";
import { history } from "../support/money-back.ts";
import { shopOver } from "../support/rig.ts";
import {
  asHolder,
  checkOut,
  checkOutAs,
  checkoutBody,
  level,
  makeSku,
  order,
  reserve,
} from "../support/shop.ts";
import { askStripe, sessions } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const usd = (amount: number) => ({ amount, currency: "USD" });
const ALL = { kind: "percentage", percentOff: 100 };
const ADDRESS = {
  name: "Ada Lovelace",
  line1: "12 St James's Square",
  city: "London",
  postalCode: "SW1Y 4JH",
  country: "GB",
};

/** Two of three units, for nothing. */
async function free(more: object = {}) {
  const made = await makeDiscount(ALL);
  const sku = await makeSku(3);
  const body = { items: [{ sku, quantity: 2 }], discountCode: made.code, ...more };
  return { made, sku, body };
}

async function bought() {
  const { made, sku, body } = await free();
  const answer = await checkOut(body);
  await settle();
  return { made, sku, ...answer.body.data };
}

const shopWith = (variables: object, database: object = env.DB) =>
  shopOver(database, {
    now: () => Date.now(),
    config: parseConfig({ ...env, ...variables }),
  });

const keyed = (body: object, key = "the-key") => ({
  headers: { "Idempotency-Key": key },
  body: checkoutBody(body),
});

describe("An order with nothing to pay", () => {
  it("is paid at once, without a page at Stripe, and with all that follows", async () => {
    const at = await bought();
    expect(at).toMatchObject({ status: "paid", paymentUrl: null, total: usd(0) });
    expect(await order(at)).toMatchObject({
      status: "paid",
      paymentStatus: "paid",
      email: "ada@example.com",
      discount: usd(5000),
      total: usd(0),
      payments: [],
    });
    expect(await level(at.sku)).toMatchObject({ onHand: 1, reserved: 0 });
    expect(await discount(at.made)).toMatchObject({ uses: 1 });
    expect(await history(at)).toEqual(["order.created", "order.paid"]);
    expect(await mailsAbout(at, /receipt/)).toHaveLength(1);
    expect(await sessions()).toEqual([]);
    expect((await askStripe<{ data: object[] }>("/coupons")).data).toEqual([]);
  });

  it("is sent like any other", async () => {
    const at = await bought();
    expect((await fulfill(at)).status).toBe(201);
    expect(await order(at)).toMatchObject({ fulfillmentStatus: "fulfilled" });
  });

  it("has a refund of nothing, which takes its units back", async () => {
    const at = await bought();
    const items = [{ sku: at.sku, quantity: 1, restock: "cancel" }];
    const made = await refund(at, { items });
    expect(made.body.data).toMatchObject({ status: "succeeded", amount: usd(0), items });
    expect(await level(at.sku)).toMatchObject({ onHand: 2 });
    expect((await refund(at)).body.data).toMatchObject({
      amount: usd(0),
      items: [{ sku: at.sku, quantity: 1, restock: "none" }],
    });
    expect((await refund(at)).status).toBe(422);
    expect((await fulfill(at)).status).toBe(409);
    await settle();
    expect(await order(at)).toMatchObject({ paymentStatus: "paid", refunded: usd(0) });
    expect((await askStripe<{ data: object[] }>("/refunds")).data).toEqual([]);
    expect(await mailsAbout(at, /refund/)).toEqual([]);
  });

  it("is canceled like any other, and its goods are back", async () => {
    const at = await bought();
    expect((await cancel(at)).body.data).toMatchObject({ status: "canceled", refunds: [] });
    expect(await level(at.sku)).toMatchObject({ onHand: 3 });
    expect(await discount(at.made)).toMatchObject({ uses: 1 });
  });

  it("is one order under one key, however many ask at once", async () => {
    const { sku, body } = await free();
    const answers = await Promise.all([1, 2, 3].map(() => checkOut(body, "the-key")));
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect((await checkOut(body, "the-key")).headers.get("Idempotency-Replayed")).toBe("true");
    expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 0 });
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "paid" }]);
  });

  it.each(["before", "after"] as const)(
    "is paid once by the retry when the database fails %s it is written",
    async (when) => {
      const { sku, body } = await free();
      const { database, failed } = databaseFailingOnce({ when, about: /set "status" = \?/i });
      const shop = shopWith({}, database);
      expect((await shop.call("POST", "/api/v1/checkouts", keyed(body))).status).toBe(503);
      expect(failed()).toBe(true);
      const again = await checkOut(body, "the-key");
      expect([again.status, again.body.data.status]).toEqual([201, "paid"]);
      await travel(2 * MINUTE_MS);
      await cron();
      await settle();
      expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 0 });
      expect(await mailsAbout(again.body.data, /receipt/)).toHaveLength(1);
    },
  );

  it("that nobody retries ends with its hold, and gives its code back", async () => {
    const { made, sku, body } = await free();
    const { database } = databaseFailingOnce({ when: "before", about: /set "status" = \?/i });
    await shopWith({}, database).call("POST", "/api/v1/checkouts", keyed(body));
    await travel(16 * MINUTE_MS);
    await cron();
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "expired" }]);
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 0 });
    expect(await discount(made)).toMatchObject({ uses: 0 });
    expect(await sessions()).toEqual([]);
  });

  it("is not sold by a retry once its hold is over, before the sweep has come", async () => {
    const { sku, body } = await free();
    const { database } = databaseFailingOnce({ when: "before", about: /set "status" = \?/i });
    await shopWith({}, database).call("POST", "/api/v1/checkouts", keyed(body));
    await travel(16 * MINUTE_MS);
    expect((await checkOut(body, "the-key")).status).toBe(410);
    await cron();
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 0 });
  });

  it("is not sold out of a hold that is given back meanwhile", async () => {
    const { sku, made } = await free();
    const { id: reservationId } = (await reserve([{ sku, quantity: 2 }])).body.data;
    const giveBack = () => asHolder("DELETE", reservationId);
    const database = databaseInterrupted(/set "status" = \?/i, giveBack);
    const body = { reservationId, discountCode: made.code };
    const answer = await shopWith({}, database).call("POST", "/api/v1/checkouts", keyed(body));
    expect(answer.status).toBe(410);
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 0 });
    expect(await discount(made)).toMatchObject({ uses: 0 });
  });
});

describe("What no payment page asks for, because nothing is to pay,", () => {
  it("is asked for by the checkout: where the receipt goes, and the hold stays", async () => {
    const { sku, made } = await free();
    const { id: reservationId } = (await reserve([{ sku, quantity: 2 }])).body.data;
    const body = { reservationId, discountCode: made.code };
    expectError(
      await checkOut({ ...body, email: undefined }),
      422,
      invalid({
        email: "Where is the receipt to go? Nothing is to be paid, so no payment page asks for it.",
      }),
    );
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 2 });
    expect((await checkOut(body)).body.data.status).toBe("paid");
  });

  it("is known of whoever is signed in", async () => {
    const { body } = await free();
    const member = await makeMember();
    const answer = await checkOutAs(member, body);
    expect(answer.body.data.status).toBe("paid");
    const [row] = await rows<{ email: string }>("SELECT email FROM orders");
    expect(row?.email).toBe(member.email);
  });

  it("is asked for by the checkout: where the goods go, in a shop that delivers", async () => {
    const shop = shopWith({ SHIPPING_COUNTRIES: "GB,DE" });
    const { sku, body } = await free();
    const ask = (more: object, key: string) =>
      shop.call("POST", "/api/v1/checkouts", keyed({ ...body, ...more }, key));
    expect((await ask({}, "a")).body.error.fields).toEqual({
      shippingAddress: "Where is it to go? Nothing is to be paid, so no payment page asks for it.",
    });
    expect(await level(sku)).toMatchObject({ onHand: 3, reserved: 0 });
    expect((await ask({ shippingAddress: ADDRESS }, "b")).body.data.status).toBe("paid");
  });
});
