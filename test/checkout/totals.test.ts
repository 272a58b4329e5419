import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { mailsAbout, refund } from "../support/after-sale.ts";
import { makeDiscount } from "../support/discounts.ts";
import { receiptWords } from "../support/page-words.ts";
import { shopOver } from "../support/rig.ts";
import { checkoutBody, mails, makeSku, order } from "../support/shop.ts";
import { askStripe, deliverAll, type StripeSession, sessionOf, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });
const STANDARD = { name: "Standard", ...usd(490), minDays: 3, maxDays: 5 };
const EXPRESS = { name: "Express", ...usd(1290) };
const ADDRESS = {
  name: "Ada Lovelace",
  line1: "12 St James's Square",
  city: "London",
  postalCode: "SW1Y 4JH",
  country: "GB",
};

/** A checkout in a shop with these variables. */
async function checkOutIn(variables: object, body: object, price = usd(2500)) {
  const shop = shopOver(env.DB, { config: parseConfig({ ...env, ...variables }) });
  const sku = await makeSku(20, price);
  const answer = await shop.call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    body: checkoutBody({ items: [{ sku, quantity: 2 }], ...body }),
  });
  return answer;
}

async function boughtIn(variables: object, body: object = {}, price = usd(2500)) {
  const answer = await checkOutIn(variables, body, price);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.data;
}

const rates = (...some: object[]) => ({ SHIPPING_RATES: JSON.stringify(some) });

async function pay(at: { paymentUrl: string }, how: object = {}) {
  const { payment_intent } = await stripe.pay(at.paymentUrl, how);
  await deliverAll();
  await settle();
  return askStripe<{ amount: number; amount_received: number }>(
    `/payment_intents/${payment_intent}`,
  );
}

const sessionAt = ({ paymentUrl }: { paymentUrl: string }) =>
  askStripe<StripeSession & Record<string, unknown>>(`/checkout/sessions/${sessionOf(paymentUrl)}`);

describe("Flat shipping rates", () => {
  it("are offered in the order's currency, and the first is in the total until the customer has chosen", async () => {
    const elsewhere = { name: "Standard", amount: 300, currency: "EUR" };
    const at = await boughtIn(rates(elsewhere, STANDARD, EXPRESS));
    expect(at.total).toEqual(usd(5490));
    expect(await order(at)).toMatchObject({ shipping: usd(490), total: usd(5490) });
    expect(await sessionAt(at)).toMatchObject({
      amount_total: 5490,
      shipping_options: [{ shipping_amount: 490 }, { shipping_amount: 1290 }],
    });
    const intent = await pay(at, { shippingOption: 1 });
    expect(intent.amount_received).toBe(6290);
    expect(await order(at)).toMatchObject({
      status: "paid",
      attention: null,
      subtotal: usd(5000),
      shipping: usd(1290),
      total: usd(6290),
      payments: [{ amount: usd(6290) }],
    });
    const receipt = (await mails()).find((mail) => mail.html.includes(at.orderId));
    for (const line of ["Subtotal: $50.00", "Shipping: $12.90", "Total: $62.90"])
      expect(receipt?.text).toContain(line);
  });

  it("stay what they were when the order was made, whatever the configuration says by now", async () => {
    const at = await boughtIn(rates(STANDARD, EXPRESS));
    // The Worker that hears of the payment has no rates at all.
    await pay(at);
    expect(await order(at)).toMatchObject({ status: "paid", shipping: usd(490) });
  });

  it("are none for a currency that has none", async () => {
    const at = await boughtIn(rates(STANDARD), {}, { amount: 1000, currency: "JPY" });
    expect(at.total).toEqual({ amount: 2000, currency: "JPY" });
    await pay(at);
    expect(await order(at)).toMatchObject({ status: "paid", shipping: { amount: 0 } });
  });

  it("are not taken off by a code, which is for the goods", async () => {
    const { code } = await makeDiscount({ kind: "percentage", percentOff: 100 });
    const at = await boughtIn(rates(STANDARD), { discountCode: code });
    expect(await order(at)).toMatchObject({ discount: usd(5000), total: usd(490) });
    expect((await pay(at)).amount_received).toBe(490);
    expect(await order(at)).toMatchObject({ status: "paid", total: usd(490) });
  });

  it("are not taken off by an amount that is more than the goods are worth", async () => {
    const { code } = await makeDiscount({ kind: "fixed", amountOff: usd(9000) });
    const at = await boughtIn(rates(STANDARD), { discountCode: code });
    expect(await order(at)).toMatchObject({ discount: usd(5000), total: usd(490) });
  });

  it("that are free leave nothing to pay beside a code for everything, and are the way it goes", async () => {
    const { code } = await makeDiscount({ kind: "percentage", percentOff: 100 });
    const free = { name: "Collect", ...usd(0) };
    for (const offered of [rates(STANDARD, free), rates(free, STANDARD), {}]) {
      const { body } = await checkOutIn(offered, { discountCode: code, email: "ada@example.com" });
      expect(body.data).toMatchObject({ status: "paid", paymentUrl: null, total: usd(0) });
      expect(await order(body.data)).toMatchObject({ shipping: usd(0), total: usd(0) });
    }
  });

  it("that cost something are to be paid beside a code for everything", async () => {
    const { code } = await makeDiscount({ kind: "percentage", percentOff: 100 });
    const { body } = await checkOutIn(rates(STANDARD, EXPRESS), { discountCode: code });
    expect(body.data).toMatchObject({ status: "pending_payment", total: usd(490) });
  });

  it("are paid late like any other", async () => {
    const at = await boughtIn(rates(STANDARD, EXPRESS));
    const bank = { method: "bank_transfer", shippingOption: 1 };
    const { payment_intent } = await stripe.pay(at.paymentUrl, bank);
    await deliverAll();
    await settle();
    expect(await order(at)).toMatchObject({ paymentStatus: "processing", shipping: usd(490) });
    await stripe.settle(payment_intent, "succeeded");
    await deliverAll();
    await settle();
    expect(await order(at)).toMatchObject({
      status: "paid",
      shipping: usd(1290),
      total: usd(6290),
    });
  });
});

describe("The address", () => {
  it("is asked for on the payment page where the checkout brought none, and kept", async () => {
    const at = await boughtIn({ SHIPPING_COUNTRIES: "GB, de" });
    expect(await sessionAt(at)).toMatchObject({
      shipping_address_collection: { allowed_countries: ["GB", "DE"] },
    });
    const { line1, city, postalCode, name } = ADDRESS;
    await pay(at, {
      shippingAddress: { name, line1, city, postal_code: postalCode, country: "GB" },
    });
    expect(await order(at)).toMatchObject({ status: "paid", shippingAddress: ADDRESS });
  });

  it("goes to Stripe where the checkout brought one, which then asks for none", async () => {
    const at = await boughtIn({ SHIPPING_COUNTRIES: "GB" }, { shippingAddress: ADDRESS });
    expect(await sessionAt(at)).toMatchObject({ shipping_address_collection: null });
    const intent = await pay(at);
    expect(intent).toMatchObject({
      shipping: { name: ADDRESS.name, address: { line1: ADDRESS.line1, country: "GB" } },
    });
    expect(await order(at)).toMatchObject({ status: "paid", shippingAddress: ADDRESS });
  });

  it("of a country without postal codes does not stand in the way of the money", async () => {
    const at = await boughtIn({ SHIPPING_COUNTRIES: "AE" });
    await pay(at, {
      shippingAddress: { name: "Ada", line1: "1 Beach Road", city: "Dubai", country: "AE" },
    });
    const { status, shippingAddress } = await order(at);
    expect({ status, country: shippingAddress.country }).toEqual({ status: "paid", country: "AE" });
  });
});

describe("An address that nobody could write on a parcel", () => {
  it("is kept as it came, and does not stand in the way of the money", async () => {
    const at = await boughtIn({ SHIPPING_COUNTRIES: "GB" });
    const { line1, city, postalCode } = ADDRESS;
    const name = "A".repeat(201);
    await pay(at, {
      shippingAddress: { name, line1, city, postal_code: postalCode, country: "GB" },
    });
    expect(await order(at)).toMatchObject({
      status: "paid",
      shippingAddress: { ...ADDRESS, name },
    });
  });
});

describe("Stripe Tax", () => {
  const paidEvent = async ({ orderId }: { orderId: string }) => {
    const [event] = await rows<{ data: string }>(
      "SELECT data FROM order_events WHERE order_id = ? AND type = 'order.paid'",
      orderId,
    );
    return JSON.parse(event?.data ?? "null");
  };

  it("comes on top of prices where they are without it", async () => {
    await stripe.control("/tax", { percent: 20 });
    const at = await boughtIn({ STRIPE_TAX: "exclusive", ...rates(STANDARD) });
    expect(at.total).toEqual(usd(5490));
    const intent = await pay(at);
    expect(intent.amount_received).toBe(6588);
    expect(await order(at)).toMatchObject({
      status: "paid",
      attention: null,
      shipping: usd(490),
      tax: usd(1098),
      total: usd(6588),
    });
    expect(await paidEvent(at)).not.toHaveProperty("includedTax");
    const receipt = (await mails()).find((mail) => mail.html.includes(at.orderId));
    expect(receipt?.text).toContain("Tax: $10.98");
  });

  it("is in the prices where they are with it, and in the order's history", async () => {
    await stripe.control("/tax", { percent: 20 });
    const at = await boughtIn({ STRIPE_TAX: "inclusive", ...rates(STANDARD) });
    expect((await pay(at)).amount_received).toBe(5490);
    expect(await order(at)).toMatchObject({ status: "paid", tax: usd(0), total: usd(5490) });
    const { includedTax } = await paidEvent(at);
    expect(includedTax).toEqual(usd(833 + 82));
    const [receipt] = await mailsAbout(at, /^Your receipt/);
    expect(receipt?.text).toContain("Total: $54.90\nIncluding tax: $9.15");
    expect(await receiptWords(at)).toContain("Total $54.90 Including tax $9.15");
  });

  it.each([
    ["exclusive", 3000, 490 + 98, 98],
    ["inclusive", 2500, 490, 0],
  ])(
    "on the delivery stays with it when all items are refunded (%s)",
    async (mode, unit, rest, n) => {
      await stripe.control("/tax", { percent: 20 });
      const at = await boughtIn({ STRIPE_TAX: mode, ...rates(STANDARD) });
      await pay(at);
      expect(await rows("SELECT shipping_tax AS n FROM orders")).toEqual([{ n }]);
      const [{ sku }] = (await order(at)).items;
      const items = [{ sku, quantity: 1, restock: "none" }];
      for (const _ of [1, 2])
        expect((await refund(at, { items })).body.data.amount).toEqual(usd(unit));
      expect((await refund(at)).body.data.amount).toEqual(usd(rest));
      await settle();
      expect(await order(at)).toMatchObject({ paymentStatus: "refunded" });
    },
  );

  it("is on what is left after the code", async () => {
    await stripe.control("/tax", { percent: 10 });
    const { code } = await makeDiscount({ kind: "fixed", amountOff: usd(1000) });
    const at = await boughtIn({ STRIPE_TAX: "exclusive" }, { discountCode: code });
    await pay(at);
    expect(await order(at)).toMatchObject({
      discount: usd(1000),
      tax: usd(400),
      total: usd(4400),
    });
  });
});

describe("A payment that is not what the page asked for", () => {
  it("goes back even when another way of delivery would explain it", async () => {
    const at = await boughtIn(rates(STANDARD, EXPRESS));
    await pay(at, { amount: 6290 });
    expect(await order(at)).toMatchObject({
      status: "canceled",
      attention: { reason: "amount_mismatch" },
      shipping: usd(490),
      total: usd(5490),
      refunds: [{ amount: usd(6290) }],
    });
  });
});
