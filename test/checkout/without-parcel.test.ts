import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { makeDiscount } from "../support/discounts.ts";
import { sendForm, sendWrongForm } from "../support/forms.ts";
import { call } from "../support/http.ts";
import { arrive } from "../support/money-back.ts";
import { browserOf } from "../support/page-words.ts";
import { shopOver } from "../support/rig.ts";
import { checkoutBody, makeSku, order, reserve } from "../support/shop.ts";
import { sessions, stripe } from "../support/stripe.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const IN_LONDON = {
  ...{ name: "Ada Lovelace", line1: "12 St James's Square", city: "London" },
  ...{ postalCode: "SW1Y 4JH", country: "GB" },
};
const USD = { amount: 2500, currency: "USD" };

/** A shop that takes money for delivery, and delivers to two countries. */
function delivering() {
  const { config } = servicesOf(env);
  const rates = [{ name: "Standard", amount: 490, currency: "USD" }];
  const terms = { ...config.terms, rates, countries: ["DE", "AT"] };
  return shopOver(env.DB, { config: { ...config, terms } });
}

async function checkOutAt(shop: ReturnType<typeof delivering>, body: object) {
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const answer = await shop.call("POST", "/api/v1/checkouts", {
    headers,
    body: checkoutBody(body),
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.data;
}

describe("An order in which nothing needs a parcel", () => {
  it("costs no delivery, asks for no address at Stripe, and is paid as it stands", async () => {
    const shop = delivering();
    const seat = await makeSku(5, USD, { requiresShipping: false });
    const at = await checkOutAt(shop, { items: [{ sku: seat, quantity: 1 }] });
    expect(at.total).toEqual(USD);
    const [session] = await sessions();
    expect(session).toMatchObject({ shipping_address_collection: null, shipping_options: [] });
    await stripe.pay(at.paymentUrl);
    await arrive();
    expect(await order(at)).toMatchObject({
      status: "paid",
      attention: null,
      shippingAddress: null,
      shipping: { amount: 0 },
      items: [{ sku: seat, requiresShipping: false }],
    });
  });

  it("needs no address either where nothing is to be paid", async () => {
    const { code } = await makeDiscount({ percentOff: 100 });
    const seat = await makeSku(5, USD, { requiresShipping: false });
    const items = [{ sku: seat, quantity: 1 }];
    const at = await checkOutAt(delivering(), { items, discountCode: code });
    expect(at).toMatchObject({ status: "paid", paymentUrl: null });
  });

  it("is not refused for an address outside the countries that the shop delivers to, but a mug is", async () => {
    const shop = delivering();
    const seat = await makeSku(5, USD, { requiresShipping: false });
    const mug = await makeSku(5);
    const seats = [{ sku: seat, quantity: 1 }];
    const mugs = [...seats, { sku: mug, quantity: 1 }];
    await checkOutAt(shop, { items: seats, shippingAddress: IN_LONDON });
    const held = async (items: Parameters<typeof reserve>[0]) => ({
      reservationId: (await reserve(items)).body.data.id,
    });
    await checkOutAt(shop, { ...(await held(seats)), shippingAddress: IN_LONDON });
    for (const what of [{ items: mugs }, await held(mugs)])
      await expect(checkOutAt(shop, { ...what, shippingAddress: IN_LONDON })).rejects.toThrow(
        "We deliver to DE, AT only.",
      );
  });

  it("is another one with a mug in it: that has delivery and an address", async () => {
    const seat = await makeSku(5, USD, { requiresShipping: false });
    const mug = await makeSku(5);
    const items = [seat, mug].map((sku) => ({ sku, quantity: 1 }));
    const at = await checkOutAt(delivering(), { items });
    expect(at.total).toEqual({ amount: 5490, currency: "USD" });
    const [session] = await sessions();
    expect(session).toMatchObject({
      shipping_address_collection: { allowed_countries: ["DE", "AT"] },
    });
  });

  it("has a form that asks for an email alone, and words that promise no parcel", async () => {
    const seat = await makeSku(5, USD, { requiresShipping: false });
    const { body } = await reserve([{ sku: seat, quantity: 1 }]);
    const path = `/reservations/${body.data.id}`;
    const headers = await browserOf(body.data.id);
    const page = await call("GET", path, { headers });
    expect(page.text).toContain('name="email"');
    expect(page.text).not.toContain('name="line1"');
    expect(page.text).not.toContain("parcel");
    const sent = await sendForm(`${path}/checkout`, { email: "ada@example.com" }, headers);
    expect(sent.status).toBe(303);
    await stripe.pay(sent.headers.get("Location") ?? "");
    await arrive();
    const back = await call("GET", `${path}/order`, { headers });
    const paid = await call("GET", back.headers.get("Location") ?? "");
    expect(paid.text).toContain("Thank you. It is yours.");
    expect(paid.text).not.toContain("We pack it next");
    expect(paid.text).toContain("Nothing will be sent");
  });

  it("goes on to its payment, though Stripe did not answer the first time", async () => {
    const seat = await makeSku(5, USD, { requiresShipping: false });
    const { body } = await reserve([{ sku: seat, quantity: 1 }]);
    const path = `/reservations/${body.data.id}`;
    const headers = await browserOf(body.data.id);
    const send = () => sendForm(`${path}/checkout`, { email: "ada@example.com" }, headers);
    await stripe.misbehave({
      path: "/v1/checkout/sessions",
      kind: "error_500",
      stored: false,
      times: 9,
    });
    expect((await send()).headers.get("Location")).toBe(path);
    await stripe.misbehave();
    await browserOf(body.data.id);
    expect((await send()).headers.get("Location")).toContain("cs_");
  });

  it("lets a mug's form ask where it goes, and promises to pack it", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    const page = await call("GET", `/reservations/${body.data.id}`);
    expect(page.text).toContain('name="line1"');
    const sent = await sendWrongForm(`/reservations/${body.data.id}/checkout`, {
      email: "ada@example.com",
    });
    expect(sent.text).toContain("Enter the street and house number.");
  });
});
