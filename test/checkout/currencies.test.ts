import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { fromStripe, toStripe } from "../../src/payments/stripe/amount.ts";
import { checkOut, level, mails, makeSku, order, reserve } from "../support/shop.ts";
import { deliverAll, sessions, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

/** What the shop charges twice, what Stripe is asked for it, and how the receipt writes it. */
const CASES = [
  { currency: "JPY", amount: 1800, asked: 3600, written: "¥3,600" },
  { currency: "KWD", amount: 12_340, asked: 24_680, written: "KWD\u00a024.680" },
  { currency: "ISK", amount: 4900, asked: 980_000, written: "ISK\u00a09,800" },
] as const;

/** The largest price of each, and what it is at Stripe. */
const LARGEST = [
  { currency: "ISK", amount: 999_999, asked: 99_999_900 },
  { currency: "UGX", amount: 999_999, asked: 99_999_900 },
  { currency: "MGA", amount: 9_999_999_900, asked: 99_999_999 },
  { currency: "IDR", amount: 999_999_999_999, asked: 999_999_999_999 },
] as const;

/** As if the price had been taken before the shop judged it. */
async function storePrice(sku: string, amount: number): Promise<void> {
  await env.DB.prepare("UPDATE variants SET amount = ? WHERE sku = ?").bind(amount, sku).run();
}

describe("A currency with other decimals than two", () => {
  it.each(CASES)("is charged, booked and written right: $currency", async (one) => {
    const { currency, amount, asked, written } = one;
    const sku = await makeSku(4, { amount, currency });
    const { body } = await checkOut({ items: [{ sku, quantity: 2 }] });
    expect(body.data.total).toEqual({ amount: 2 * amount, currency });
    expect(await sessions()).toMatchObject([
      { amount_total: asked, currency: currency.toLowerCase() },
    ]);
    await stripe.pay(body.data.paymentUrl);
    await deliverAll();
    await settle();
    expect(await order(body.data)).toMatchObject({
      status: "paid",
      attention: null,
      total: { amount: 2 * amount, currency },
    });
    expect(await rows("SELECT captured FROM orders")).toEqual([{ captured: 2 * amount }]);
    expect(await level(sku)).toMatchObject({ onHand: 2, reserved: 0 });
    const receipt = (await mails()).find((mail) => mail.html.includes(body.data.orderId));
    expect(receipt?.text).toContain(`Total: ${written}`);
  });

  it("is never rounded on the way to Stripe: what cannot be charged is refused", async () => {
    expect(toStripe({ amount: 1100, currency: "MGA" })).toEqual({ amount: 11, currency: "mga" });
    expect(fromStripe(11, "mga")).toEqual({ amount: 1100, currency: "MGA" });
    const sku = await makeSku(2, { amount: 1_000_000, currency: "MGA" });
    await storePrice(sku, 1_000_050);
    const refused = await checkOut({ items: [{ sku, quantity: 1 }] });
    expect(refused.body.error).toMatchObject({
      code: "BUSINESS_RULE_VIOLATION",
      message: "This cannot be paid: MGA has no fractions in a payment.",
    });
    expect(await level(sku)).toMatchObject({ reserved: 0, available: 2 });
    await storePrice(sku, 1_000_100);
    expect((await checkOut({ items: [{ sku, quantity: 1 }] })).status).toBe(201);
    expect(await sessions()).toMatchObject([{ amount_total: 10_001, currency: "mga" }]);
  });

  it.each(LARGEST)("is paid up to the largest price: $amount $currency", async (one) => {
    const { currency, amount, asked } = one;
    const sku = await makeSku(2, { amount, currency });
    const { body } = await checkOut({ items: [{ sku, quantity: 1 }] });
    expect(await sessions()).toMatchObject([{ amount_total: asked }]);
    await stripe.pay(body.data.paymentUrl);
    await deliverAll();
    await settle();
    expect(await order(body.data)).toMatchObject({
      status: "paid",
      attention: null,
      total: { amount, currency },
    });
  });

  it.each(LARGEST)(
    "frees its stock when two of $amount $currency pass Stripe's limit",
    async (one) => {
      const { currency, amount } = one;
      const sku = await makeSku(2, { amount, currency });
      const refused = await checkOut({ items: [{ sku, quantity: 2 }] });
      expect(refused.body.error).toMatchObject({
        code: "BUSINESS_RULE_VIOLATION",
        message: "This cannot be paid: It is more than one payment can be.",
        fields: { items: "It is more than one payment can be." },
      });
      expect(await level(sku)).toMatchObject({ reserved: 0, available: 2 });
    },
  );

  it("makes no order whose sum has more digits than a number", async () => {
    const price = { amount: 999_999_999_999, currency: "IDR" };
    const sku = await makeSku(20_000, price, { maxPerOrder: 10_000 });
    const items = [{ sku, quantity: 10_000 }];
    const { id: reservationId } = (await reserve(items)).body.data;
    for (const body of [{ items }, { reservationId }]) {
      const refused = await checkOut(body);
      expect([refused.status, refused.body.error]).toEqual([
        422,
        expect.objectContaining({
          code: "BUSINESS_RULE_VIOLATION",
          message: "This is worth more than one payment can be. Check it out in parts.",
        }),
      ]);
    }
    expect(await rows("SELECT id FROM orders")).toEqual([]);
    expect(await level(sku)).toMatchObject({ reserved: 10_000, available: 10_000 });
  });
});
