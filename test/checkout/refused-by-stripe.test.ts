import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { checkOut, checkoutBody, level, makeSku, reserve } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

/** The last unit there is, held. */
async function lastUnit() {
  const sku = await makeSku(1);
  const { id: reservationId } = (await reserve([{ sku, quantity: 1 }])).body.data;
  return { sku, reservationId };
}

/** As Stripe's API says no to a parameter. */
const refusing = (param: string, path = "/v1/checkout/sessions") => ({
  ...{ method: "POST", path },
  kind: "refuse",
  message: "Stripe does not like it.",
  param,
});

describe("What Stripe refuses does not cost the hold", () => {
  it.each([
    ["customer_email", "email"],
    ["payment_intent_data[shipping][address][country]", "shippingAddress.country"],
    ["payment_intent_data[shipping][carrier]", "shippingAddress"],
    ["line_items[0][price_data][product_data][name]", "items"],
    ["success_url", "successUrl"],
    ["something_new", undefined],
  ])(
    "for %s: the field is named, and the unit stays with whoever holds it",
    async (param, field) => {
      const { sku, reservationId } = await lastUnit();
      await stripe.misbehave(refusing(param));
      const refused = await checkOut({ reservationId });
      expect([refused.status, refused.body.error.code]).toEqual([422, "BUSINESS_RULE_VIOLATION"]);
      expect(refused.body.error.message).toContain("Stripe does not like it.");
      expect(refused.body.error.fields).toEqual(
        field === undefined ? undefined : { [field]: "Stripe does not like it." },
      );
      expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 1 });
      await stripe.misbehave();
      expect((await checkOut({ reservationId })).status).toBe(201);
      expect(await rows("SELECT status FROM orders ORDER BY number")).toEqual([
        { status: "canceled" },
        { status: "pending_payment" },
      ]);
    },
  );

  it.each([
    ["email", "email"],
    ["name", "shippingAddress.name"],
    ["shipping[name]", "shippingAddress.name"],
    ["shipping[address][postal_code]", "shippingAddress.postalCode"],
    ["shipping[address][country]", "shippingAddress.country"],
    ["shipping[phone]", "shippingAddress"],
  ])("for %s of the customer who is taxed where it goes, too", async (param, field) => {
    const { sku, reservationId } = await lastUnit();
    const config = parseConfig({ ...env, STRIPE_TAX: "exclusive" });
    const shop = shopOver(env.DB, { config });
    await stripe.misbehave(refusing(param, "/v1/customers"));
    const shippingAddress = {
      ...{ name: "Grace Hopper", line1: "Invalidenstraße 1", city: "Berlin" },
      ...{ postalCode: "10115", country: "DE" },
    };
    const refused = await shop.call("POST", "/api/v1/checkouts", {
      headers: { "Idempotency-Key": crypto.randomUUID() },
      body: checkoutBody({ reservationId, shippingAddress }),
    });
    expect([refused.status, refused.body.error.fields]).toEqual([
      422,
      { [field]: "Stripe does not like it." },
    ]);
    expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 1 });
  });

  it("but a hold that the checkout itself made is free again", async () => {
    const sku = await makeSku(1);
    await stripe.misbehave(refusing("customer_email"));
    expect((await checkOut({ items: [{ sku, quantity: 1 }] })).status).toBe(422);
    expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 0 });
  });
});

describe("What Stripe would refuse is refused when the product is made", () => {
  const product = (more: object, variant: object = {}) =>
    asAdmin("POST", "/api/v1/products", {
      body: {
        title: "A title",
        variants: [
          {
            ...{ sku: `LONG-${crypto.randomUUID()}`, title: "One" },
            price: { amount: 100, currency: "USD" },
            ...variant,
          },
        ],
        ...more,
      },
    });

  it("a name that is longer than Stripe's line of 250 characters, with the variant's", async () => {
    const title = "T".repeat(200);
    expect((await product({ title }, { title: "V".repeat(47) })).status).toBe(201);
    expect((await product({ title }, { title: "V".repeat(48) })).body.error.fields).toEqual({
      "variants[0].title":
        "With the product's title and “ · ” between them it must be at most 250 characters.",
    });
  });

  it.each(["KPW", "IRR", "SYP", "CUP", "VES", "LYD", "XXX"])("a price in %s", async (currency) => {
    const refused = await product({}, { price: { amount: 100, currency } });
    expect(Object.keys(refused.body.error.fields)).toEqual(["variants[0].price.currency"]);
  });
});
