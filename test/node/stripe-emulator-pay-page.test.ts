import { describe, expect, it } from "vitest";
import {
  lineItem,
  openShop,
  readable,
  sessionParams,
  submit,
  view,
} from "./stripe-emulator-support.ts";

function rate(display_name: string, amount: number) {
  const fixed_amount = { amount, currency: "usd" };
  const type = "fixed_amount" as const;
  return { shipping_rate_data: { display_name, type, fixed_amount } };
}

const MUG = lineItem({ currency: "usd", amount: 2000, quantity: 1 });

describe("the payment page", () => {
  it("shows discount, shipping and tax, and lets the payer choose the shipping", async () => {
    const shop = await openShop();
    await shop.control("/tax", { percent: 10 });
    const { id: coupon } = await shop.stripe.coupons.create({ amount_off: 500, currency: "usd" });
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({
        line_items: [MUG],
        discounts: [{ coupon }],
        automatic_tax: { enabled: true },
        shipping_options: [rate("Post", 0), rate("Express", 1000)],
      }),
    );
    const before = await view(shop, `/pay/${id}`);
    const text = readable(before.text);
    expect(text).toContain("Discount −$5.00 Post $0.00 Tax $1.50 Total $16.50");
    expect(text).toContain("Post · Free");
    expect(before.text).toContain('value="0" aria-pressed="true"');
    const choice = { action: "shipping", option: "1" };
    const chosen = await submit(shop, `/pay/${id}`, choice);
    expect(chosen).toMatchObject({ status: 303, location: `/pay/${id}` });
    const after = readable((await view(shop, `/pay/${id}`)).text);
    expect(after).toContain("Pay $27.50");
    expect(after).toContain("Express $10.00 Tax $2.50 Total $27.50");
    expect(await shop.stripe.checkout.sessions.retrieve(id)).toMatchObject({ amount_total: 2500 });
    await submit(shop, `/pay/${id}`, { action: "pay", email: "a@b.co" });
    expect(await shop.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      payment_status: "paid",
      amount_total: 2750,
    });
    const paid = await view(shop, `/pay/${id}`);
    expect(readable(paid.text)).toContain("Total $27.50");
    expect(paid.text).not.toContain("<form");
    const late = await submit(shop, `/pay/${id}`, { action: "shipping", option: "0" });
    expect(late.text).toContain("is complete");
  });

  it("says which tax is a part of the price", async () => {
    const shop = await openShop();
    await shop.control("/tax", { percent: 25 });
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({ automatic_tax: { enabled: true } }),
    );
    expect(readable((await view(shop, `/pay/${id}`)).text)).toContain(
      "Tax included €5.00 Total €25.00",
    );
  });

  it("asks where to ship, and keeps what was entered until it is right", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({ shipping_address_collection: { allowed_countries: ["DE", "AT"] } }),
    );
    const { text } = await view(shop, `/pay/${id}`);
    for (const label of ["Full name", "Address", "Postal code", "City", "Country"]) {
      expect(text).toMatch(new RegExp(`<label for="\\w+">${label}</label>`));
    }
    expect(readable(text)).toContain("Germany Austria");
    const form = {
      action: "pay",
      email: "ada@example.com",
      name: "Ada <Lovelace>",
      line1: "Ring 1",
      postal_code: "1010",
      city: "",
      country: "AT",
    };
    const incomplete = await submit(shop, `/pay/${id}`, form);
    expect(incomplete.text).toContain("Please enter: City.");
    expect(incomplete.text).toContain('value="Ada &lt;Lovelace&gt;"');
    expect(incomplete.text).toContain('<option value="AT" selected>');
    const abroad = await submit(shop, `/pay/${id}`, { ...form, city: "Paris", country: "FR" });
    expect(abroad.text).toContain("does not ship to that country");
    expect((await submit(shop, `/pay/${id}`, { ...form, city: "Wien" })).status).toBe(303);
    const session = await shop.stripe.checkout.sessions.retrieve(id);
    expect(session.collected_information?.shipping_details).toMatchObject({
      name: "Ada <Lovelace>",
      address: { line1: "Ring 1", city: "Wien", country: "AT" },
    });
  });

  it("offers no way of shipping that the session has not", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({ line_items: [MUG], shipping_options: [rate("Post", 300)] }),
    );
    expect((await view(shop, `/pay/${id}`)).text).not.toContain('value="shipping"');
    const wrong = await submit(shop, `/pay/${id}`, { action: "shipping", option: "1" });
    expect(wrong.status).toBe(409);
  });
});

describe("the dashboard", () => {
  it("leads an inquiry to a dispute and to its end", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await submit(shop, `/pay/${id}`, { action: "pay", email: "a@b.co" });
    const [intent] = (await shop.stripe.paymentIntents.list()).data;
    const path = `/dashboard/payments/${intent?.id}/dispute`;
    for (const step of ["warning_needs_response", "opened", "under_review", "lost"]) {
      expect((await view(shop, "/")).text).toContain(`action="${path}/${step}"`);
      expect((await submit(shop, `${path}/${step}`, {})).status).toBe(303);
    }
    expect((await shop.stripe.disputes.list()).data).toMatchObject([{ status: "lost" }]);
    expect((await view(shop, "/")).text).not.toContain(`action="${path}/`);
  });
});
