import { describe, expect, it } from "vitest";
import { cancel } from "../support/after-sale.ts";
import { makeDiscount, usesOf, withCode } from "../support/discounts.ts";
import { arrive } from "../support/money-back.ts";
import { asHolder, checkOut, level, makeSku, order } from "../support/shop.ts";
import { sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;

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
