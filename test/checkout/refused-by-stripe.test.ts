import { describe, expect, it } from "vitest";
import { asAdmin } from "../support/people.ts";
import { checkOut, level, makeSku, reserve } from "../support/shop.ts";
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
const refusing = (param: string) => ({
  method: "POST",
  path: "/v1/checkout/sessions",
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
