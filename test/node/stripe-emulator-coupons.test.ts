import { describe, expect, it } from "vitest";
import {
  item,
  lineItem,
  openShop,
  paidSession,
  pay,
  sessionParams,
  shipping,
  typesOf,
} from "./stripe-emulator-support.ts";

describe("a coupon", () => {
  it("of a fixed amount is never worth more than the lines, and leaves the shipping", async () => {
    const shop = await openShop();
    const coupon = await shop.stripe.coupons.create({ amount_off: 9000, currency: "eur" });
    const { session } = await pay(shop, {
      line_items: [item(2500)],
      discounts: [{ coupon: coupon.id }],
      shipping_options: [shipping(490)],
    });
    expect(session).toMatchObject({
      amount_total: 490,
      total_details: { amount_discount: 2500, amount_shipping: 490 },
      payment_intent: { amount_received: 490 },
    });
  });

  it("for one use pays for one of two open sessions", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.coupons.create({
      id: "ord_1",
      amount_off: 500,
      currency: "jpy",
      max_redemptions: 1,
    });
    await expect(
      shop.stripe.coupons.create({ id: "ord_1", amount_off: 500, currency: "jpy" }),
    ).rejects.toMatchObject({ statusCode: 400, code: "resource_already_exists" });
    const params = { line_items: [item(2500, { currency: "jpy" })], discounts: [{ coupon: id }] };
    const late = await shop.stripe.checkout.sessions.create(sessionParams(params));
    const { session } = await paidSession(shop, params);
    expect(session).toMatchObject({ amount_total: 2000, total_details: { amount_discount: 500 } });
    await expect(shop.control(`/sessions/${late.id}/pay`, {})).rejects.toThrow("used up");
    expect(await shop.stripe.coupons.retrieve(id)).toMatchObject({
      times_redeemed: 1,
      valid: false,
    });
  });

  it("can be deleted, which takes no discount from the sessions that have it", async () => {
    const shop = await openShop();
    const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 10 });
    const session = await shop.stripe.checkout.sessions.create(
      sessionParams({ discounts: [{ coupon }] }),
    );
    expect(await shop.stripe.coupons.del(coupon)).toMatchObject({ id: coupon, deleted: true });
    await expect(shop.stripe.coupons.retrieve(coupon)).rejects.toMatchObject({ statusCode: 404 });
    await expect(shop.stripe.coupons.del(coupon)).rejects.toMatchObject({ statusCode: 404 });
    await shop.control(`/sessions/${session.id}/pay`, {});
    expect(typesOf(await shop.events())).toContain("checkout.session.completed");
  });
});

describe("coupons", () => {
  it("take an amount with its currency or a percentage, not both", async () => {
    const { stripe } = await openShop();
    await expect(stripe.coupons.create({ duration: "once" })).rejects.toMatchObject({
      code: "parameter_missing",
    });
    await expect(
      stripe.coupons.create({ amount_off: 100, duration: "once" }),
    ).rejects.toMatchObject({ param: "currency" });
    await expect(stripe.coupons.create({ amount_off: 0, currency: "eur" })).rejects.toMatchObject({
      param: "amount_off",
      code: "parameter_invalid_integer",
    });
    await stripe.coupons.create({ id: "TEN", amount_off: 1000, currency: "eur" });
    await expect(stripe.coupons.create({ id: "TEN", percent_off: 5 })).rejects.toMatchObject({
      code: "resource_already_exists",
    });
  });

  it("in one currency do not apply to a session in another, nor once used up", async () => {
    const shop = await openShop();
    const { stripe } = shop;
    const { id: coupon } = await stripe.coupons.create({
      amount_off: 500,
      currency: "eur",
      max_redemptions: 1,
    });
    const create = (currency: string) =>
      stripe.checkout.sessions.create(
        sessionParams({ line_items: [lineItem({ currency })], discounts: [{ coupon }] }),
      );
    await expect(create("usd")).rejects.toMatchObject({ param: "discounts[0][coupon]" });
    const session = await create("eur");
    expect(session.amount_total).toBe(2000);
    await shop.control(`/sessions/${session.id}/pay`, {});
    await expect(create("eur")).rejects.toMatchObject({ code: "coupon_expired" });
  });
});
