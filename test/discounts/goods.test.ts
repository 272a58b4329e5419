import { describe, expect, it } from "vitest";
import { refund } from "../support/after-sale.ts";
import { newProduct, newWord } from "../support/catalog.ts";
import { discount, makeDiscount } from "../support/discounts.ts";
import { expectError } from "../support/expect-error.ts";
import { asAdmin } from "../support/people.ts";
import { checkOut, order } from "../support/shop.ts";
import { deliverAll, sessions, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });
const half = { kind: "percentage", percentOff: 50 };

/** A product of one variant at this price. */
async function goods(amount: number, currency = "USD") {
  const sku = newWord().toUpperCase();
  const variants = [{ sku, title: "One", price: { amount, currency }, initialStock: 9 }];
  const { body } = await newProduct({ variants });
  return { sku, id: body.data.id as string };
}

const buy = (code: string, ...lines: readonly (readonly [sku: string, quantity: number])[]) =>
  checkOut({
    items: lines.map(([sku, quantity]) => ({ sku, quantity })),
    discountCode: code,
  });

const create = (body: object) =>
  asAdmin("POST", "/api/v1/discounts", { body: { code: newWord(), ...half, ...body } });

const refused = (sentence: string) => ({
  code: "BUSINESS_RULE_VIOLATION",
  message: sentence,
  fields: { discountCode: sentence },
});

describe("A code for some products", () => {
  it("takes its part of those, and leaves the price of the others", async () => {
    const [mug, tea, cake] = [await goods(1001), await goods(400), await goods(300)];
    const made = await makeDiscount({ ...half, products: [mug.id, tea.id] });
    expect(made).toMatchObject({ products: [mug.id, tea.id].toSorted(), minimum: null });
    expect(await discount(made)).toMatchObject({ products: [mug.id, tea.id].toSorted() });
    const { body } = await buy(made.code, [mug.sku, 1], [cake.sku, 2], [tea.sku, 1]);
    expect(await order(body.data)).toMatchObject({
      ...{ subtotal: usd(2001), discount: usd(701), total: usd(1300) },
    });
    expect(await sessions()).toMatchObject([{ amount_total: 1300 }]);
  });

  it("takes an amount off, and never more than those are worth", async () => {
    const [mug, cake] = [await goods(400), await goods(300)];
    const made = await makeDiscount({ kind: "fixed", amountOff: usd(500), products: [mug.id] });
    const { body } = await buy(made.code, [mug.sku, 1], [cake.sku, 1]);
    expect(await order(body.data)).toMatchObject({ discount: usd(400), total: usd(300) });
  });

  it("is refused for an order of none of them, which keeps its hold", async () => {
    const [mug, cake] = [await goods(400), await goods(300)];
    const made = await makeDiscount({ ...half, products: [mug.id] });
    const answer = await buy(made.code, [cake.sku, 1]);
    expectError(answer, 422, refused("This code is for other products."));
    expect(await discount(made)).toMatchObject({ uses: 0 });
    expect(await rows("SELECT * FROM orders")).toEqual([]);
  });

  it("gives back of each unit what was paid for it", async () => {
    const [mug, cake] = [await goods(1000), await goods(1000)];
    const made = await makeDiscount({ ...half, products: [mug.id] });
    const { body } = await buy(made.code, [mug.sku, 1], [cake.sku, 1]);
    await stripe.pay(body.data.paymentUrl);
    await deliverAll();
    await settle();
    const back = async (sku: string) => {
      const items = [{ sku, quantity: 1, restock: "cancel" }];
      const { text, body: made } = await refund(body.data, { items });
      return made.data?.amount ?? text;
    };
    expect(await back(mug.sku)).toEqual(usd(500));
    expect(await back(cake.sku)).toEqual(usd(1000));
  });

  it("is for 1 to 100 products that are there, each once", async () => {
    const { id } = await goods(100);
    for (const products of [
      [],
      [id, id],
      ["x"],
      Array.from({ length: 101 }, (_, i) => `prod_${i}`),
    ])
      expect((await create({ products })).status).toBe(422);
    const unknown = await create({ products: [id, "prod_unknown"] });
    expectError(unknown, 422, {
      code: "VALIDATION_FAILED",
      message: "Some fields are not right.",
      fields: { products: "Has a product that is not there." },
    });
    expect(await rows("SELECT * FROM discounts")).toEqual([]);
    expect((await create({ products: null })).body.data.products).toBeNull();
  });
});

describe("A code from a minimum on", () => {
  it("is good from exactly that, of the goods that it is for", async () => {
    const [mug, cake] = [await goods(1000), await goods(5000)];
    const made = await makeDiscount({ ...half, products: [mug.id], minimum: usd(2000) });
    expect(await discount(made)).toMatchObject({ minimum: usd(2000) });
    expectError(
      await buy(made.code, [mug.sku, 1], [cake.sku, 1]),
      422,
      refused("This code is good for goods of $20.00 or more."),
    );
    expect((await buy(made.code, [mug.sku, 2])).body.data.total).toEqual(usd(1000));
    expect(await discount(made)).toMatchObject({ uses: 1 });
  });

  it("is for orders in its currency", async () => {
    const mug = await goods(5000, "EUR");
    const made = await makeDiscount({ ...half, minimum: usd(100) });
    const answer = await buy(made.code, [mug.sku, 1]);
    expectError(answer, 422, refused("This code is for another currency."));
  });

  it("is an amount above nothing, in the currency of what is taken off", async () => {
    for (const minimum of [usd(0), { amount: 5 }, 5, { amount: 100, currency: "EUR" }])
      expect(
        (await create({ kind: "fixed", percentOff: null, amountOff: usd(5), minimum })).status,
      ).toBe(422);
    expect((await create({ minimum: null })).body.data.minimum).toBeNull();
  });
});
