import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { shopOver } from "../support/rig.ts";
import { checkoutBody, makeSku, order } from "../support/shop.ts";
import { askStripe, deliverAll, sessionOf, stripe } from "../support/stripe.ts";
import { settle, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });
const PLACES = { percent: 0, places: { GB: 20, DE: 19, US: 5 } };
const ADDRESS = {
  name: "Grace Hopper",
  line1: "Invalidenstraße 1",
  city: "Berlin",
  postalCode: "10115",
  country: "DE",
};

interface Session {
  readonly customer: string | null;
  readonly customer_email: string | null;
  readonly customer_details: { readonly email: string } | null;
  readonly adaptive_pricing: { readonly enabled: boolean };
}

/** An order of $100.00 in a shop with these variables. */
async function bought(variables: object, body: object, key: string = crypto.randomUUID()) {
  const shop = shopOver(env.DB, { config: parseConfig({ ...env, ...variables }) });
  const sku = await makeSku(20, usd(10_000));
  const send = () =>
    shop.call("POST", "/api/v1/checkouts", {
      headers: { "Idempotency-Key": key },
      body: checkoutBody({ items: [{ sku, quantity: 1 }], ...body }),
    });
  return { send, answer: await send() };
}

const sessionAt = ({ paymentUrl }: { paymentUrl: string }) =>
  askStripe<Session>(`/checkout/sessions/${sessionOf(paymentUrl)}`);

async function pay(at: { paymentUrl: string }, how: object) {
  await stripe.pay(at.paymentUrl, how);
  await deliverAll();
  await settle();
}

describe("Stripe Tax", () => {
  it("taxes a gift abroad where it goes, and not where the bill goes", async () => {
    await stripe.control("/tax", PLACES);
    const { answer } = await bought({ STRIPE_TAX: "exclusive" }, { shippingAddress: ADDRESS });
    const at = answer.body.data;
    const { customer, customer_details } = await sessionAt(at);
    expect(customer_details?.email).toBe("ada@example.com");
    expect(await askStripe(`/customers/${customer}`)).toMatchObject({
      email: "ada@example.com",
      shipping: { name: ADDRESS.name, address: { city: "Berlin", country: "DE" } },
    });
    await pay(at, { billingCountry: "GB" });
    expect(await order(at)).toMatchObject({ status: "paid", attention: null, tax: usd(1900) });
  });

  it("taxes by what the page has asked for, where it asks", async () => {
    await stripe.control("/tax", PLACES);
    const shop = { STRIPE_TAX: "exclusive", SHIPPING_COUNTRIES: "GB,US" };
    const at = (await bought(shop, {})).answer.body.data;
    expect(await sessionAt(at)).toMatchObject({ customer: null });
    await pay(at, { billingCountry: "GB", shippingAddress: { line1: "1 Main St", country: "US" } });
    expect(await order(at)).toMatchObject({ status: "paid", tax: usd(500) });
  });

  it("taxes what goes nowhere by where the bill goes", async () => {
    await stripe.control("/tax", PLACES);
    const at = (await bought({ STRIPE_TAX: "exclusive" }, {})).answer.body.data;
    expect(await sessionAt(at)).toMatchObject({
      customer: null,
      customer_email: "ada@example.com",
    });
    await pay(at, { billingCountry: "GB" });
    expect(await order(at)).toMatchObject({ status: "paid", tax: usd(2000) });
  });

  it("is told of nobody where it is off", async () => {
    const at = (await bought({}, { shippingAddress: ADDRESS })).answer.body.data;
    expect(await sessionAt(at)).toMatchObject({
      customer: null,
      customer_email: "ada@example.com",
    });
  });

  it("has one customer and one page of an order, however often Stripe breaks on the way to them", async () => {
    await stripe.control("/tax", PLACES);
    await stripe.misbehave(
      { path: "/v1/customers", kind: "error_500", times: 1, effect: true },
      { path: "/v1/checkout/sessions", kind: "connection_reset", times: 2, effect: true },
    );
    const { answer, send } = await bought(
      { STRIPE_TAX: "exclusive" },
      { shippingAddress: ADDRESS },
      "k",
    );
    expect(answer.status).toBe(502);
    await stripe.misbehave();
    const again = await send();
    expect(again.status).toBe(201);
    const made = await askStripe<{ data: Session[] }>("/checkout/sessions?limit=100");
    expect(made.data).toHaveLength(1);
    await pay(again.body.data, {});
    expect(await order(again.body.data)).toMatchObject({ status: "paid", tax: usd(1900) });
  });
});

describe("A payment page", () => {
  it("asks for the shop's currency alone: Stripe offers no other one on it", async () => {
    const at = (await bought({}, {})).answer.body.data;
    expect((await sessionAt(at)).adaptive_pricing).toEqual({ enabled: false });
  });
});
