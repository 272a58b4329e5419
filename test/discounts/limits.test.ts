import { describe, expect, it } from "vitest";
import { cancel } from "../support/after-sale.ts";
import { makeMember, makeSession } from "../support/credentials.ts";
import { discount, makeDiscount } from "../support/discounts.ts";
import { asAdmin } from "../support/people.ts";
import {
  asHolder,
  type Bought,
  checkOut,
  checkOutAs,
  level,
  mails,
  makeSku,
  order,
  reserve,
} from "../support/shop.ts";
import { askStripe, deliverAll, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

async function arrive(): Promise<void> {
  await deliverAll();
  await settle();
}

/** To the payment page with a code; the hold can be given back. */
async function withCode(code: string, price = 2500): Promise<Bought> {
  const sku = await makeSku(5, { amount: price, currency: "USD" });
  const hold = await reserve([{ sku, quantity: 1 }]);
  const reservationId: string = hold.body.data.id;
  const { status, text, body } = await checkOut({ reservationId, discountCode: code });
  if (status !== 201) throw new Error(text);
  return { sku, reservationId, ...body.data };
}

const usesOf = async (made: { id: string }) => (await discount(made)).uses;

describe("A coupon's limit passed by concurrency", () => {
  it("is not: of 20 buyers at once 5 get a code that is good 5 times", async () => {
    const made = await makeDiscount({ maxUses: 5 });
    const sku = await makeSku(100);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        checkOut({
          items: [{ sku, quantity: 1 }],
          discountCode: made.code,
          email: `buyer-${i}@example.com`,
        }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 422);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(refused).toHaveLength(15);
    for (const { body } of refused)
      expect(body.error.fields).toEqual({ discountCode: "This code has been used up." });
    expect(await usesOf(made)).toBe(5);
    expect(await rows("SELECT count(*) AS orders FROM orders")).toEqual([{ orders: 5 }]);
    expect(await level(sku)).toMatchObject({ reserved: 5 });
    expect(await sessions()).toHaveLength(5);
  });

  it("is not: one customer who asks 10 times at once gets a code for one use once", async () => {
    const made = await makeDiscount({ maxUsesPerCustomer: 1 });
    const sku = await makeSku(100);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        checkOut({
          items: [{ sku, quantity: 1 }],
          discountCode: made.code,
          email: i % 2 === 0 ? "ada@example.com" : "ADA@Example.com",
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(422)]);
    expect(await usesOf(made)).toBe(1);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it("is not by a retry either: the same key uses the code once", async () => {
    const made = await makeDiscount({ maxUses: 1 });
    const body = { items: [{ sku: await makeSku(5), quantity: 1 }], discountCode: made.code };
    const answers = await Promise.all(Array.from({ length: 5 }, () => checkOut(body, "key")));
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    expect((await checkOut(body, "key")).status).toBe(201);
    expect(await usesOf(made)).toBe(1);
  });
});

describe("A use of a code is given back", () => {
  it("when the order expires unpaid", async () => {
    const made = await makeDiscount({ maxUses: 1 });
    await withCode(made.code);
    expect(await usesOf(made)).toBe(1);
    await travel(15 * MINUTE_MS);
    await cron();
    expect(await usesOf(made)).toBe(0);
    await withCode(made.code);
    expect(await usesOf(made)).toBe(1);
  });

  it("when the customer gives the hold back", async () => {
    const made = await makeDiscount({ maxUses: 1 });
    const at = await withCode(made.code);
    await asHolder("DELETE", at.reservationId);
    expect(await order(at)).toMatchObject({ status: "canceled" });
    expect(await usesOf(made)).toBe(0);
  });

  it("when the bank says no", async () => {
    const made = await makeDiscount({ maxUses: 1 });
    const at = await withCode(made.code);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    expect(await usesOf(made)).toBe(1);
    await stripe.settle(payment_intent, "failed");
    await arrive();
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "failed" });
    expect(await usesOf(made)).toBe(0);
  });

  it("when Stripe takes no payment that small, and the customer is told", async () => {
    const made = await makeDiscount({ kind: "percentage", percentOff: 50 });
    const sku = await makeSku(5, { amount: 60, currency: "USD" });
    const refused = await checkOut({ items: [{ sku, quantity: 1 }], discountCode: made.code });
    expect(refused.status).toBe(422);
    expect(refused.body.error.code).toBe("BUSINESS_RULE_VIOLATION");
    expect(refused.body.error.message).toContain("must add up to at least");
    expect(await usesOf(made)).toBe(0);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("once, by whoever comes first of the sweep and the customer", async () => {
    const made = await makeDiscount({ maxUses: 3 });
    const at = await withCode(made.code);
    await withCode(made.code);
    await travel(15 * MINUTE_MS);
    const release = () => asHolder("DELETE", at.reservationId);
    await Promise.all([cron(), release(), cron(), release()]);
    expect(await usesOf(made)).toBe(0);
  });
});

describe("A use of a code is kept", () => {
  it("when an order that was paid is canceled, and its money goes back", async () => {
    const made = await makeDiscount({ maxUses: 1 });
    const at = await withCode(made.code);
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect((await cancel(at)).status).toBe(200);
    await settle();
    expect(await order(at)).toMatchObject({ status: "canceled", paymentStatus: "refunded" });
    expect(await usesOf(made)).toBe(1);
    await expect(withCode(made.code)).rejects.toThrow("This code has been used up.");
  });
});

describe("A late payment of an order with a code", () => {
  async function late(code: string): Promise<Bought & { payment: string }> {
    const at = await withCode(code);
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await travel(14 * DAY_MS);
    await cron();
    expect((await order(at)).status).toBe("expired");
    return { ...at, payment: payment_intent };
  }

  it("takes the code again", async () => {
    const made = await makeDiscount({ maxUses: 1 });
    const at = await late(made.code);
    expect(await usesOf(made)).toBe(0);
    await stripe.settle(at.payment, "succeeded");
    await arrive();
    expect(await order(at)).toMatchObject({ status: "paid", discount: { amount: 250 } });
    expect(await usesOf(made)).toBe(1);
  });

  it("goes back when somebody else has used the code up meanwhile, or the customer themselves", async () => {
    for (const limit of [{ maxUses: 1 }, { maxUsesPerCustomer: 1 }]) {
      const made = await makeDiscount(limit);
      const at = await late(made.code);
      const rival = await withCode(made.code);
      await stripe.settle(at.payment, "succeeded");
      await arrive();
      expect(await order(at)).toMatchObject({
        status: "expired",
        refunds: [{ amount: { amount: 2250, currency: "USD" }, reason: "code_used_up" }],
      });
      expect(await order(rival)).toMatchObject({ status: "pending_payment" });
      expect(await level(at.sku)).toMatchObject({ onHand: 5, reserved: 0 });
      expect(await usesOf(made)).toBe(1);
      const sent = (await mails()).filter(({ html }) => html.includes(at.orderId));
      const told = sent.filter(({ text }) =>
        text.includes("its discount code has been used up since"),
      );
      expect(told).toHaveLength(1);
    }
    expect((await askStripe<{ data: object[] }>("/refunds")).data).toHaveLength(2);
  });

  it("goes back when somebody of the same account has used the code meanwhile, from another address", async () => {
    const buyer = await makeMember();
    const made = await makeDiscount({ maxUsesPerCustomer: 1 });
    const buyAs = async (email: string) => {
      const items = [{ sku: await makeSku(5), quantity: 1 }];
      const session = await makeSession(buyer.id); // none lasts as long as a bank takes
      return (await checkOutAs(session, { items, email, discountCode: made.code })).body.data;
    };
    const at = await buyAs("first@example.com");
    const { payment_intent } = await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await travel(14 * DAY_MS);
    await cron();
    expect((await buyAs("second@example.com")).status).toBe("pending_payment");
    await stripe.settle(payment_intent, "succeeded");
    await arrive();
    const { body } = await asAdmin("GET", `/api/v1/orders/${at.orderId}`);
    expect(body.data).toMatchObject({ status: "expired", refunds: [{ reason: "code_used_up" }] });
    expect(await usesOf(made)).toBe(1);
  });
});

/** What can become of the call that makes an order's coupon, persistently enough for the SDK to give up. */
const FAULTS = [
  { kind: "timeout_before", delayMs: 5, times: 2 },
  { kind: "timeout_after_success", delayMs: 5, times: 2 },
  { kind: "connection_reset", times: 2 },
  { kind: "connection_reset", effect: true, times: 2 },
  { kind: "error_500", times: 1 },
  { kind: "error_500", effect: true, times: 1 },
  { kind: "rate_limit_429", times: 2 },
];

describe("When the order's coupon cannot be made at Stripe", () => {
  it.each(FAULTS)("a retry finds it or makes it, and uses the code once: %j", async (rule) => {
    const made = await makeDiscount({ maxUses: 1 });
    const body = { items: [{ sku: await makeSku(5), quantity: 1 }], discountCode: made.code };
    await stripe.misbehave({ method: "POST", path: "/v1/coupons", ...rule });
    const first = await checkOut(body, "key");
    expect([201, 502]).toContain(first.status);
    await stripe.misbehave();
    const retried = await checkOut(body, "key");
    expect(retried.status).toBe(201);
    expect((await askStripe<{ data: object[] }>("/coupons")).data).toHaveLength(1);
    expect(await sessions()).toMatchObject([{ amount_total: 2250 }]);
    expect(await usesOf(made)).toBe(1);
    await stripe.pay(retried.body.data.paymentUrl);
    await arrive();
    expect(await order(retried.body.data)).toMatchObject({ status: "paid", attention: null });
  });

  it("finds the coupon of a try whose key Stripe has forgotten", async () => {
    const made = await makeDiscount();
    const body = { items: [{ sku: await makeSku(5), quantity: 1 }], discountCode: made.code };
    const create = { method: "POST", path: "/v1/checkout/sessions" };
    await stripe.misbehave({ ...create, kind: "connection_reset", times: 2 });
    expect((await checkOut(body, "key")).status).toBe(502);
    await stripe.misbehave();
    await travel(16 * MINUTE_MS);
    await stripe.control("/clock", { now: Date.now() + 25 * 60 * MINUTE_MS });
    await cron();
    expect(await usesOf(made)).toBe(0);
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "expired" }]);
    const asked = (await stripe.requests()).filter(({ path }) => path === "/v1/coupons");
    expect(asked.map(({ status }) => status)).toEqual([200, 400]);
  });
});
