import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { makeDiscount } from "../support/discounts.ts";
import { arrive } from "../support/money-back.ts";
import { holdWords } from "../support/page-words.ts";
import { shopOver } from "../support/rig.ts";
import { checkoutBody, makeSku, reserve } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

/** A hold of two units at $25.00, ordered with 10 percent off and $4.90 for delivery. */
async function ordered() {
  const { config } = servicesOf(env);
  const rates = [{ name: "Standard", amount: 490, currency: "USD" }];
  const shop = shopOver(env.DB, { config: { ...config, terms: { ...config.terms, rates } } });
  const { code } = await makeDiscount({ code: "WELCOME10" });
  const sku = await makeSku(5);
  const reservationId: string = (await reserve([{ sku, quantity: 2 }])).body.data.id;
  const answer = await shop.call("POST", "/api/v1/checkouts", {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    body: checkoutBody({ reservationId, discountCode: code }),
  });
  expect([answer.status, answer.body.data.total]).toEqual([201, { amount: 4990, currency: "USD" }]);
  return { sku, reservationId, paymentUrl: String(answer.body.data.paymentUrl) };
}

const SUMS = "Subtotal $50.00 Discount (WELCOME10) −$5.00 Shipping $4.90 Total $49.90";

describe("The page of a hold that was ordered with a code and delivery", () => {
  it("shows the sums of its order, with the code named, before the payment and after it", async () => {
    const at = await ordered();
    const before = await holdWords(at);
    expect(before).toContain("One step left: your payment");
    expect(before).toContain(SUMS);
    await stripe.pay(at.paymentUrl);
    await arrive();
    const after = await holdWords(at);
    expect(after).toContain("This one is yours");
    expect(after).toContain(SUMS);
  });

  it("shows what was ordered at the price that it was ordered for, whatever the catalog says by now", async () => {
    const at = await ordered();
    await rows("UPDATE variants SET amount = 9900, title = 'Renamed' WHERE sku = ?", at.sku);
    const words = await holdWords(at);
    expect(words).toContain("One 2 pieces $50.00");
    expect(words).toContain(SUMS);
    expect(words).not.toContain("Renamed");
  });

  it("shows the goods alone while there is no order", async () => {
    const sku = await makeSku(5);
    const { body } = await reserve([{ sku, quantity: 2 }]);
    const words = await holdWords({ reservationId: body.data.id });
    expect(words).toContain("2 pieces $50.00 Total $50.00");
    expect(words).not.toContain("Discount (");
  });
});
