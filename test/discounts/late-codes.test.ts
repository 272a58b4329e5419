import { describe, expect, it } from "vitest";
import { makeMember, makeSession } from "../support/credentials.ts";
import { makeDiscount, usesOf, withCode } from "../support/discounts.ts";
import { arrive } from "../support/money-back.ts";
import { asAdmin } from "../support/people.ts";
import {
  type Bought,
  checkOut,
  checkOutAs,
  level,
  mails,
  makeSku,
  order,
} from "../support/shop.ts";
import { askStripe, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

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
