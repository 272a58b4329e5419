import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { shopOver } from "../support/rig.ts";
import { checkOut, checkoutBody, level, makeSku, order, reserve } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { settle, useWorld } from "../support/world.ts";

useWorld();

const ADDRESS = {
  name: "Ada Lovelace",
  line1: "12 St James's Square",
  city: "London",
  postalCode: "SW1Y 4JH",
  country: "GB",
};

/** A shop that delivers to two countries. */
const delivering = () =>
  shopOver(env.DB, { config: parseConfig({ ...env, SHIPPING_COUNTRIES: "DE,AT" }) });

async function checkOutThere(body: object) {
  return delivering().call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    body: checkoutBody(body),
  });
}

describe("An address", () => {
  it("with an empty second line or region is one without, and costs nobody their hold", async () => {
    const sku = await makeSku(1);
    const { id: reservationId } = (await reserve([{ sku, quantity: 1 }])).body.data;
    const shippingAddress = { ...ADDRESS, line2: "", region: " " };
    const { status, body } = await checkOut({ reservationId, shippingAddress });
    expect(status).toBe(201);
    expect((await order(body.data)).shippingAddress).toEqual(ADDRESS);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
  });

  it.each(["UK", "XX", "ZZ", "EU", "gb", "", "GBR"])(
    "in %o, which is no country, is refused",
    async (country) => {
      const sku = await makeSku(1);
      const answer = await checkOut({
        items: [{ sku, quantity: 1 }],
        shippingAddress: { ...ADDRESS, country },
      });
      expectError(
        answer,
        422,
        invalid({ "shippingAddress.country": "Must be an ISO 3166 country code such as DE." }),
      );
    },
  );

  it("where the shop does not deliver is refused at its field, and the hold stays", async () => {
    const sku = await makeSku(1);
    const { id: reservationId } = (await reserve([{ sku, quantity: 1 }])).body.data;
    const there = (country: string) =>
      checkOutThere({ reservationId, shippingAddress: { ...ADDRESS, country } });
    expectError(
      await there("US"),
      422,
      invalid({ "shippingAddress.country": "We deliver to DE, AT only." }),
    );
    expect(await level(sku)).toMatchObject({ reserved: 1 });
    expect((await there("AT")).status).toBe(201);
  });

  it.each([
    [
      "too long",
      { name: "A".repeat(900), line1: "B".repeat(900) },
      { name: "A".repeat(500), line1: "B".repeat(500) },
    ],
    ["without a name", { name: "" }, { name: "" }],
    ["without a street", { line1: "" }, { line1: "" }],
  ])(
    "that the payment page has collected, %s, is kept as it came, bounded",
    async (_, given, kept) => {
      const sku = await makeSku(1);
      const { body } = await checkOutThere({ items: [{ sku, quantity: 1 }] });
      const { name, line1, city, postalCode, country } = { ...ADDRESS, country: "DE", ...given };
      await stripe.pay(body.data.paymentUrl, {
        shippingAddress: { name, line1, city, postal_code: postalCode, country },
      });
      await deliverAll();
      await settle();
      expect(await order(body.data)).toMatchObject({
        status: "paid",
        shippingAddress: { ...ADDRESS, country: "DE", ...kept },
      });
    },
  );
});
