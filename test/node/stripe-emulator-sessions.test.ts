import { describe, expect, it } from "vitest";
import {
  lineItem,
  nowSeconds,
  openShop,
  paidSession,
  sessionParams,
} from "./stripe-emulator-support.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

describe("a new checkout session", () => {
  it("is open, unpaid and has the sum of its lines as its total", async () => {
    const { stripe } = await openShop();
    const session = await stripe.checkout.sessions.create(
      sessionParams({
        line_items: [
          lineItem({ amount: 1250, quantity: 2 }),
          lineItem({ amount: 399, quantity: 1 }),
        ],
        client_reference_id: "ord_1",
        customer_email: "ada@example.com",
        metadata: { order: "ord_1" },
      }),
    );
    expect(session).toMatchObject({
      object: "checkout.session",
      amount_subtotal: 2899,
      amount_total: 2899,
      currency: "eur",
      status: "open",
      payment_status: "unpaid",
      payment_intent: null,
      livemode: false,
      client_reference_id: "ord_1",
      customer_email: "ada@example.com",
      customer_details: { email: "ada@example.com" },
      metadata: { order: "ord_1" },
      url: `http://pay.test/pay/${session.id}`,
    });
    expect(session.id).toMatch(/^cs_test_\w{50,}$/);
    expect(session.expires_at - session.created).toBe(24 * HOUR);
    expect(session.lastResponse.requestId).toMatch(/^req_/);
    expect(session.lastResponse.apiVersion).toBe(stripe.getApiField("version"));
    expect("line_items" in session).toBe(false);
  });

  it("counts amounts of currencies without decimals as they are", async () => {
    const { stripe } = await openShop();
    const session = await stripe.checkout.sessions.create(
      sessionParams({ line_items: [lineItem({ currency: "JPY", amount: 1500, quantity: 3 })] }),
    );
    expect(session).toMatchObject({ currency: "jpy", amount_total: 4500 });
  });

  it("adds the first shipping rate and subtracts the coupon", async () => {
    const { stripe } = await openShop();
    const coupon = await stripe.coupons.create({ percent_off: 10, duration: "once" });
    const session = await stripe.checkout.sessions.create(
      sessionParams({
        line_items: [
          lineItem({ amount: 333, quantity: 1 }),
          lineItem({ amount: 1000, quantity: 1 }),
        ],
        discounts: [{ coupon: coupon.id }],
        shipping_options: [
          {
            shipping_rate_data: {
              display_name: "Post",
              type: "fixed_amount",
              fixed_amount: { amount: 490, currency: "eur" },
            },
          },
        ],
      }),
    );
    expect(session).toMatchObject({
      amount_subtotal: 1333,
      amount_total: 1333 - 133 + 490,
      total_details: { amount_discount: 133, amount_shipping: 490, amount_tax: 0 },
      shipping_cost: { amount_total: 490 },
      discounts: [{ coupon: coupon.id, promotion_code: null }],
    });
    const items = await stripe.checkout.sessions.listLineItems(session.id);
    const discounts = items.data.map((item) => item.amount_discount);
    expect(discounts.reduce((left, right) => left + right, 0)).toBe(133);
  });

  it("needs no payment when its total is zero", async () => {
    const shop = await openShop();
    const coupon = await shop.stripe.coupons.create({ percent_off: 100, duration: "once" });
    const { session } = await paidSession(shop, { discounts: [{ coupon: coupon.id }] });
    expect(session).toMatchObject({
      status: "complete",
      payment_status: "no_payment_required",
      payment_intent: null,
    });
    expect(await shop.stripe.coupons.retrieve(coupon.id)).toMatchObject({ times_redeemed: 1 });
  });

  it("accepts every parameter that the shop may use", async () => {
    const { stripe } = await openShop();
    const session = await stripe.checkout.sessions.create(
      sessionParams({
        ui_mode: "hosted_page",
        locale: "de",
        allowed_payment_method_types: ["card", "ideal"],
        submit_type: "pay",
        automatic_tax: { enabled: true },
        billing_address_collection: "auto",
        phone_number_collection: { enabled: false },
        custom_text: { submit: { message: "Thank you" } },
        payment_intent_data: { metadata: { a: "b" }, description: "Order 1" },
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: "eur",
              unit_amount: 700,
              tax_behavior: "inclusive",
              product_data: {
                name: "Mug",
                description: "Blue",
                images: ["https://shop.test/mug.jpg"],
                metadata: { sku: "MUG-1" },
              },
            },
          },
        ],
      }),
    );
    expect(session).toMatchObject({ locale: "de", payment_method_types: ["card"] });
  });
});

describe("reading checkout sessions", () => {
  it("expands the payment, its charge and the line items on request", async () => {
    const shop = await openShop();
    const { session } = await paidSession(shop);
    const expanded = await shop.stripe.checkout.sessions.retrieve(session.id, {
      expand: ["payment_intent.latest_charge.balance_transaction", "line_items"],
    });
    expect(expanded.payment_intent).toMatchObject({
      object: "payment_intent",
      status: "succeeded",
      latest_charge: { object: "charge", balance_transaction: { object: "balance_transaction" } },
    });
    expect(expanded.line_items?.data).toMatchObject([{ object: "item", quantity: 2 }]);
    const [listed] = (await shop.stripe.checkout.sessions.list({ expand: ["data.payment_intent"] }))
      .data;
    expect(listed?.payment_intent).toMatchObject({ object: "payment_intent" });
  });

  it("refuses to expand what is no reference", async () => {
    const { stripe } = await openShop();
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    await expect(
      stripe.checkout.sessions.retrieve(id, { expand: ["amount_total"] }),
    ).rejects.toMatchObject({ statusCode: 400, message: expect.stringContaining("expanded") });
  });

  it("pages newest first in both directions and filters", async () => {
    const shop = await openShop();
    const { stripe } = shop;
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.unshift((await stripe.checkout.sessions.create(sessionParams())).id);
    }
    const first = await stripe.checkout.sessions.list({ limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.has_more).toBe(true);
    const second = await stripe.checkout.sessions.list({ limit: 2, starting_after: ids[1] ?? "" });
    expect(second.data.map(({ id }) => id)).toEqual(ids.slice(2, 4));
    const back = await stripe.checkout.sessions.list({ limit: 2, ending_before: ids[3] ?? "" });
    expect(back.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    const all = await stripe.checkout.sessions.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids);
    await stripe.checkout.sessions.expire(ids[0] ?? "");
    const expired = await stripe.checkout.sessions.list({ status: "expired" });
    expect(expired.data.map(({ id }) => id)).toEqual([ids[0]]);
    const later = await stripe.checkout.sessions.list({ created: { gt: nowSeconds() + 10 } });
    expect(later.data).toEqual([]);
  });

  it("finds the session of a payment", async () => {
    const shop = await openShop();
    const { session, payment } = await paidSession(shop);
    await paidSession(shop);
    const found = await shop.stripe.checkout.sessions.list({ payment_intent: payment });
    expect(found.data.map(({ id }) => id)).toEqual([session.id]);
  });

  it("answers 404 for an id that another account owns", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await expect(shop.sdk("sk_test_other").checkout.sessions.retrieve(id)).rejects.toMatchObject({
      statusCode: 404,
      code: "resource_missing",
      message: `No such checkout.session: ${id}`,
    });
  });
});
