import { describe, expect, it } from "vitest";
import { newProduct, newWord } from "../support/catalog.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const variant = (price: object, more: object = {}) => ({
  sku: newWord().toUpperCase(),
  title: "One",
  price,
  ...more,
});
const eur = { amount: 1000, currency: "EUR" };

async function everything(): Promise<number> {
  const [row] = await rows<{ all: number }>(
    'SELECT (SELECT count(*) FROM products) + (SELECT count(*) FROM variants) + (SELECT count(*) FROM stock_levels) + (SELECT count(*) FROM stock_movements) AS "all"',
  );
  return row?.all ?? -1;
}

describe("A new product", () => {
  it("is answered as it can be read from then on", async () => {
    const variants = [
      variant(eur, { title: "Small", initialStock: 0 }),
      variant({ amount: 1500, currency: "EUR" }, { title: "Medium", initialStock: 5 }),
      variant({ amount: 2000, currency: "EUR" }, { title: "Large", initialStock: 6 }),
    ];
    const { status, body, headers } = await newProduct({
      title: " Tea ",
      description: "Green.",
      variants,
    });
    expect(status).toBe(201);
    expect(headers.get("Location")).toBe(`/api/v1/products/${body.data.id}`);
    expect(body.data).toMatchObject({
      id: expect.stringMatching(/^prod_[0-9a-z]{36}$/),
      slug: "tea",
      title: "Tea",
      description: "Green.",
      status: "active",
      images: [],
      variants: [
        { title: "Small", availability: "sold_out" },
        { title: "Medium", availability: "low" },
        { title: "Large", availability: "in_stock" },
      ],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    for (const key of [body.data.id, body.data.slug]) {
      expect((await call("GET", `/api/v1/products/${key}`)).body).toEqual(body);
    }
  });

  it("has one to a hundred variants", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, () => variant(eur, { initialStock: 1 }));
    expect((await newProduct({ variants: many(0) })).status).toBe(422);
    expect((await newProduct({ variants: many(101) })).status).toBe(422);
    const { status, body } = await newProduct({ variants: many(100) });
    expect(status).toBe(201);
    const read = await call("GET", `/api/v1/products/${body.data.id}`);
    expect(read.body.data.variants).toEqual(body.data.variants);
    expect(read.body.data.variants).toHaveLength(100);
  });

  it("is there as a whole or not at all", async () => {
    const taken = newWord();
    await newProduct({ variants: [variant(eur, { sku: taken })] });
    const before = await everything();
    const variants = [
      variant(eur, { initialStock: 3 }),
      variant(eur, { sku: taken, initialStock: 3 }),
    ];
    expect((await newProduct({ variants })).status).toBe(409);
    expect(await everything()).toBe(before);
  });

  it("has each SKU once, and one currency", async () => {
    const sku = newWord();
    const twice = await newProduct({ variants: [variant(eur, { sku }), variant(eur, { sku })] });
    expect(twice.body.error.fields).toEqual({ "variants[1].sku": "Is there twice." });
    const mixed = await newProduct({
      variants: [variant(eur), variant({ amount: 1, currency: "USD" })],
    });
    expect(mixed.body.error.fields).toEqual({
      "variants[1].price.currency": "All variants of a product have one currency.",
    });
  });

  it("is made once for its idempotency key, and the answer is the same to the byte", async () => {
    const options = {
      headers: { "Idempotency-Key": crypto.randomUUID() },
      body: { title: newWord(), variants: [variant(eur)] },
    };
    const first = await asAdmin("POST", "/api/v1/products", options);
    const second = await asAdmin("POST", "/api/v1/products", options);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect(second.headers.get("Location")).toBe(first.headers.get("Location"));
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
  });
});

describe("A price", () => {
  it("is in the minor unit of any ISO currency", async () => {
    for (const price of [
      { amount: 2500, currency: "JPY" },
      { amount: 12_340, currency: "KWD" },
      { amount: 99_999_999, currency: "USD" },
      { amount: 1, currency: "NOK" },
    ]) {
      const { status, body } = await newProduct({ variants: [variant(price)] });
      expect([status, body.data.variants[0].price]).toEqual([201, price]);
    }
  });

  it("is a whole number above nothing that Stripe can take, in a currency that exists", async () => {
    const wrong = [
      { amount: 0, currency: "EUR" },
      { amount: -1, currency: "EUR" },
      { amount: 9.99, currency: "EUR" },
      { amount: "9", currency: "EUR" },
      { amount: 100_000_000, currency: "EUR" },
      { amount: 2 ** 53, currency: "EUR" },
      { amount: 100, currency: "eur" },
      { amount: 100, currency: "XXX" },
      { amount: 100 },
      { currency: "EUR" },
      { amount: 100, currency: "EUR", tax: 1 },
    ];
    for (const price of wrong) {
      const { status, body } = await newProduct({ variants: [variant(price)] });
      expect(status).toBe(422);
      expect(Object.keys(body.error.fields)[0]).toMatch(
        /^variants\[0\]\.price\.(amount|currency|tax)$/,
      );
    }
  });
});

describe("A price that could never be paid", () => {
  const most = {
    USD: 99_999_999,
    JPY: 99_999_999,
    BHD: 99_999_990,
    ISK: 999_999,
    UGX: 999_999,
    MGA: 9_999_999_900,
    INR: 999_999_999,
    COP: 9_999_999_999,
    IDR: 999_999_999_999,
  };

  it.each(Object.entries(most))("is one above Stripe's limit: in %s above %i", async (...limit) => {
    const [currency, amount] = limit;
    const taken = await newProduct({ variants: [variant({ amount, currency })] });
    expect([taken.status, taken.body.data.variants[0].price]).toEqual([201, { amount, currency }]);
    const refused = await newProduct({
      variants: [variant({ amount, currency }), variant({ amount: amount + 1, currency })],
    });
    expect([refused.status, refused.body.error.fields]).toEqual([
      422,
      { "variants[1].price.amount": `Must be at most ${amount} in ${currency}.` },
    ]);
  });

  it.each([
    [12_345, "KWD", 10],
    [5, "TND", 10],
    [1_000_050, "MGA", 100],
  ])("is %i %s, a fraction that Stripe does not take", async (amount, currency, step) => {
    const { status, body } = await newProduct({ variants: [variant({ amount, currency })] });
    expect([status, body.error.fields]).toEqual([
      422,
      { "variants[0].price.amount": `Must be a multiple of ${step} in ${currency}.` },
    ]);
  });
});

describe("A product", () => {
  it("cannot be made archived from the start", async () => {
    expect((await newProduct({ status: "archived" })).status).toBe(422);
  });
});
