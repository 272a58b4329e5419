import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { item, openShop, pay, sessionParams, shipping } from "./stripe-emulator-support.ts";

describe("shipping", () => {
  it("is the option that the payer chose, else the first", async () => {
    const shop = await openShop();
    const params = {
      line_items: [item(2500)],
      shipping_options: [shipping(490), shipping(990, { name: "Express" })],
    };
    const first = await pay(shop, params);
    expect(first.session).toMatchObject({
      amount_subtotal: 2500,
      amount_total: 2990,
      total_details: { amount_shipping: 490 },
      shipping_cost: { amount_total: 490, shipping_rate: { display_name: "Post" } },
      payment_intent: { amount: 2990, amount_received: 2990, latest_charge: { amount: 2990 } },
    });
    const { created, session } = await pay(shop, params, { shippingOption: 1 });
    expect(created.amount_total).toBe(2990);
    expect(session).toMatchObject({
      amount_total: 3490,
      total_details: { amount_shipping: 990, amount_discount: 0, amount_tax: 0 },
      shipping_cost: { amount_subtotal: 990, amount_total: 990 },
      payment_intent: { amount_received: 3490 },
    });
    const rate = session.shipping_cost?.shipping_rate;
    expect(rate).toMatchObject({ object: "shipping_rate", display_name: "Express" });
    const id = typeof rate === "string" ? rate : (rate?.id ?? "");
    expect(await shop.stripe.shippingRates.retrieve(id)).toEqual(rate);
    const events = await shop.stripe.events.list({ type: "checkout.session.completed" });
    expect(events.data[0]?.data.object).toMatchObject({ amount_total: 3490 });
  });

  it("that the session does not offer cannot be chosen", async () => {
    const shop = await openShop();
    const params = { shipping_options: [shipping(490)] };
    await expect(pay(shop, params, { shippingOption: 1 })).rejects.toThrow("409");
    await expect(pay(shop, {}, { shippingOption: 0 })).rejects.toThrow("409");
    expect((await shop.stripe.paymentIntents.list()).data).toEqual([]);
  });

  it("can make something free cost something", async () => {
    const shop = await openShop();
    const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 100 });
    const params = {
      discounts: [{ coupon }],
      shipping_options: [shipping(0), shipping(700, { name: "Express" })],
    };
    const free = await pay(shop, params);
    expect(free.session).toMatchObject({ payment_status: "no_payment_required" });
    const express = await pay(shop, params, { shippingOption: 1 });
    expect(express.created.payment_status).toBe("no_payment_required");
    expect(express.session).toMatchObject({ payment_status: "paid", amount_total: 700 });
  });

  it("goes to the address that was collected, which the payment has too", async () => {
    const shop = await openShop();
    const params: Partial<Stripe.Checkout.SessionCreateParams> = {
      shipping_address_collection: { allowed_countries: ["DE", "AT"] },
    };
    const address = { line1: "Ring 1", postal_code: "1010", city: "Wien", country: "AT" };
    const shippingAddress = { name: "Ada Lovelace", ...address };
    const { created, session } = await pay(shop, params, { shippingAddress });
    expect(created).toMatchObject({
      shipping_address_collection: { allowed_countries: ["DE", "AT"] },
      collected_information: null,
    });
    expect(session).toMatchObject({
      collected_information: {
        shipping_details: { name: "Ada Lovelace", address: { ...address, line2: null } },
      },
      customer_details: { name: "Ada Lovelace", address },
      payment_intent: {
        shipping: { name: "Ada Lovelace", address },
        latest_charge: { shipping: { name: "Ada Lovelace" } },
      },
    });
    const anybody = await pay(shop, params);
    expect(anybody.session.collected_information?.shipping_details).toMatchObject({
      name: expect.any(String),
      address: { country: "DE", line1: expect.any(String) },
    });
    const abroad = { shippingAddress: { ...shippingAddress, country: "FR" } };
    await expect(pay(shop, params, abroad)).rejects.toThrow("does not ship to FR");
    await expect(pay(shop, {}, { shippingAddress })).rejects.toThrow("does not collect");
  });

  it("can be told by the shop, and not to countries that do not exist", async () => {
    const shop = await openShop();
    const { session } = await pay(shop, {
      payment_intent_data: {
        shipping: { name: "Ada", address: { line1: "Ring 1", country: "AT" }, phone: "+43 1" },
      },
    });
    expect(session.payment_intent).toMatchObject({
      shipping: { name: "Ada", address: { line1: "Ring 1", city: null }, phone: "+43 1" },
    });
    const nowhere = { shipping_address_collection: { allowed_countries: ["XX"] } };
    await expect(
      shop.stripe.checkout.sessions.create(sessionParams(nowhere)),
    ).rejects.toMatchObject({ param: "shipping_address_collection[allowed_countries][0]" });
  });
});

describe("automatic tax", () => {
  const automatic_tax = { enabled: true };

  it("is added on top of exclusive prices, after the discount, once the payer is known", async () => {
    const shop = await openShop();
    await shop.control("/tax", { percent: 19 });
    const { id: coupon } = await shop.stripe.coupons.create({ amount_off: 500, currency: "eur" });
    const { created, session } = await pay(shop, {
      automatic_tax,
      line_items: [item(1000, { tax: "exclusive", quantity: 2 }), item(333, { tax: "exclusive" })],
      discounts: [{ coupon }],
      shipping_options: [shipping(490, { tax: "exclusive" })],
    });
    expect(created).toMatchObject({
      amount_total: 2333 - 500 + 490,
      total_details: { amount_tax: 0 },
      automatic_tax: { enabled: true, status: "requires_location_inputs" },
    });
    // 500 off is shared as 428 and 72: 19 % of 1572 and of 261, each rounded, and of 490.
    expect(session).toMatchObject({
      amount_subtotal: 2333,
      amount_total: 2323 + 299 + 50 + 93,
      total_details: { amount_discount: 500, amount_shipping: 490, amount_tax: 299 + 50 + 93 },
      shipping_cost: { amount_subtotal: 490, amount_tax: 93, amount_total: 583 },
      automatic_tax: { status: "complete" },
      payment_intent: { amount: 2765, amount_received: 2765 },
      line_items: { data: [{ amount_tax: 299 }, { amount_tax: 50, amount_total: 311 }] },
    });
  });

  it("is a part of inclusive prices, in currencies without decimals too", async () => {
    const shop = await openShop();
    await shop.control("/tax", { percent: 10 });
    const yen = { currency: "jpy" };
    const { session } = await pay(shop, {
      automatic_tax,
      line_items: [item(1500, { ...yen, tax: "inclusive", quantity: 3 })],
      shipping_options: [shipping(700, { ...yen, tax: "exclusive" })],
    });
    expect(session).toMatchObject({
      amount_subtotal: 4500,
      amount_total: 4500 + 770,
      total_details: { amount_shipping: 700, amount_tax: 409 + 70 },
      payment_intent: { amount_received: 5270, currency: "jpy" },
    });
  });

  it("goes by the currency where the behaviour is not said", async () => {
    const shop = await openShop();
    await shop.control("/tax", { percent: 8.875 });
    const total = async (currency: string) =>
      (await pay(shop, { automatic_tax, line_items: [item(1000, { currency })] })).session;
    expect(await total("usd")).toMatchObject({ amount_total: 1089 });
    expect(await total("eur")).toMatchObject({
      amount_total: 1000,
      total_details: { amount_tax: 82 },
    });
  });

  it("is nothing unless the session asks for it, or the percentage is set", async () => {
    const shop = await openShop();
    const line_items = [item(1000, { tax: "exclusive" })];
    expect((await pay(shop, { automatic_tax, line_items })).session.amount_total).toBe(1000);
    await shop.control("/tax", { percent: 20 });
    expect((await pay(shop, { line_items })).session.amount_total).toBe(1000);
    await expect(shop.control("/tax", { percent: -1 })).rejects.toThrow("400");
    await expect(shop.control("/tax", { percent: 101 })).rejects.toThrow("400");
  });

  it("stays when the card was declined first", async () => {
    const shop = await openShop();
    await shop.control("/tax", { percent: 20 });
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({ automatic_tax, line_items: [item(1000, { tax: "exclusive" })] }),
    );
    await shop.control(`/sessions/${id}/decline`, {});
    const declined = await shop.stripe.checkout.sessions.retrieve(id);
    expect(declined).toMatchObject({ status: "open", amount_total: 1200 });
    await shop.control(`/sessions/${id}/pay`, { method: "bank_transfer" });
    const [intent] = (await shop.stripe.paymentIntents.list()).data;
    expect(intent).toMatchObject({ amount: 1200, status: "processing" });
    await shop.control(`/payments/${intent?.id}/settle`, { outcome: "succeeded" });
    expect(await shop.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      payment_status: "paid",
      amount_total: 1200,
    });
  });
});
