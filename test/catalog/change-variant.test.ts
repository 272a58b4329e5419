import { describe, expect, it } from "vitest";
import { addVariant, newProduct, newWord } from "../support/catalog.ts";
import { type Answer, call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { reserve } from "../support/shop.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const EUR = (amount: number) => ({ amount, currency: "EUR" });
const said = ({ status, body }: Answer) => [status, body?.error?.code];

/** A product whose variants have these titles. */
async function withVariants(...titles: string[]) {
  const variants = titles.map((title) => ({
    ...{ sku: newWord().toUpperCase(), title, price: EUR(1000), initialStock: 9 },
  }));
  return (await newProduct({ variants })).body.data;
}

const read = async ({ id }: { id: string }) =>
  (await call("GET", `/api/v1/products/${id}`)).body.data;
const titlesOf = async (product: { id: string }) =>
  (await read(product)).variants.map(({ title }: { title: string }) => title);
const patch = (id: string, body: object, headers = {}) =>
  asAdmin("PATCH", `/api/v1/variants/${id}`, { body, headers });
const archive = (id: string, headers = {}) =>
  asAdmin("DELETE", `/api/v1/variants/${id}`, { headers });

describe("A new variant", () => {
  it("is behind the others, with its stock, and is answered as its product shows it", async () => {
    const product = await withVariants("A", "B");
    await travel(5);
    const more = { title: "C", price: EUR(500), initialStock: 3, maxPerCustomer: 2 };
    const { status, body, headers } = await addVariant(product.id, more);
    expect([status, headers.get("Location")]).toEqual([201, `/api/v1/products/${product.id}`]);
    const after = await read(product);
    expect(after.variants.at(-1)).toEqual(body.data);
    expect(body.data).toMatchObject({
      id: expect.stringMatching(/^var_/),
      ...{ title: "C", availability: "low", left: 3, maxPerCustomer: 2, requiresShipping: true },
    });
    expect(Date.parse(after.updatedAt) - Date.parse(product.updatedAt)).toBe(5);
    expect((await asAdmin("GET", `/api/v1/inventory/${body.data.sku}`)).body.data.onHand).toBe(3);
    const [line] = await rows(
      "SELECT target, data FROM audit_log WHERE action = 'variant.created'",
    );
    expect([line?.["target"], String(line?.["data"])]).toEqual([
      ...[product.id, expect.stringContaining(body.data.id)],
    ]);
  });

  it("makes the product's lowest price, for lists in the order of prices", async () => {
    const dear = await withVariants("A");
    await travel(1);
    const cheap = await withVariants("B");
    await patch(cheap.variants[0].id, { price: EUR(900) });
    const order = async () =>
      (await call("GET", "/api/v1/products?sort=price")).body.data.map(
        ({ id }: { id: string }) => id,
      );
    expect(await order()).toEqual([cheap.id, dear.id]);
    const added = await addVariant(dear.id, { price: EUR(5) });
    expect(await order()).toEqual([dear.id, cheap.id]);
    await archive(added.body.data.id);
    expect(await order()).toEqual([cheap.id, dear.id]);
  });

  it("is made once for its key", async () => {
    const product = await withVariants("A");
    const options = {
      headers: { "Idempotency-Key": crypto.randomUUID() },
      body: { sku: newWord(), title: "B", price: EUR(1) },
    };
    const path = `/api/v1/products/${product.id}/variants`;
    const [first, second] = [
      await asAdmin("POST", path, options),
      await asAdmin("POST", path, options),
    ];
    expect([second.text, second.headers.get("Idempotency-Replayed")]).toEqual([first.text, "true"]);
    expect(await titlesOf(product)).toEqual(["A", "B"]);
  });

  it("is refused whole for what cannot be", async () => {
    const product = await withVariants("A");
    const other = await withVariants("B");
    const taken = await addVariant(product.id, { sku: other.variants[0].sku.toLowerCase() });
    expect(said(taken)).toEqual([409, "CONFLICT"]);
    const mixed = await addVariant(product.id, { price: { amount: 1, currency: "USD" } });
    expect([mixed.status, mixed.body.error.fields]).toEqual([
      ...[422, { "price.currency": "All variants of a product have one currency." }],
    ]);
    expect(said(await addVariant("prod_none"))).toEqual([404, "NOT_FOUND"]);
    expect(await titlesOf(product)).toEqual(["A"]);
  });

  it("is not the hundred-and-first", async () => {
    const product = await withVariants(...Array.from({ length: 99 }, (_, i) => `V${i}`));
    const last = await addVariant(product.id);
    expect(last.status).toBe(201);
    expect(said(await addVariant(product.id))).toEqual([422, "BUSINESS_RULE_VIOLATION"]);
    await archive(last.body.data.id);
    expect((await addVariant(product.id)).status).toBe(201);
    expect(said(await patch(last.body.data.id, { archived: false }))).toEqual([
      ...[422, "BUSINESS_RULE_VIOLATION"],
    ]);
  });
});

describe("A change of a variant", () => {
  it("is answered as its product shows it, with the tag of it", async () => {
    const product = await withVariants("A", "B");
    const changes = {
      ...{ title: "Z", price: EUR(700), requiresShipping: false, maxPerOrder: 3 },
      ...{ maxPerCustomer: 5, position: 1 },
    };
    const { body, headers } = await patch(product.variants[0].id, changes);
    const { position: _, ...shown } = changes;
    expect(body.data).toEqual({ ...product.variants[0], ...shown });
    expect((await read(product)).variants[1]).toEqual(body.data);
    const seen = { "If-Match": headers.get("ETag") ?? "" };
    expect((await patch(product.variants[0].id, { title: "Y" }, seen)).status).toBe(200);
    expect(said(await patch(product.variants[0].id, { title: "X" }, seen))).toEqual([
      ...[412, "PRECONDITION_FAILED"],
    ]);
    expect(said(await archive(product.variants[1].id, seen))).toEqual([412, "PRECONDITION_FAILED"]);
    expect(said(await patch("var_none", { title: "X" }))).toEqual([404, "NOT_FOUND"]);
  });

  it("moves it among the others", async () => {
    const product = await withVariants("A", "B", "C", "D");
    const ids = new Map(
      product.variants.map((v: { title: string; id: string }) => [v.title, v.id]),
    );
    const moves = [
      ["A", 2, "BCAD"],
      ["D", 0, "DBCA"],
      ["C", 2, "DBCA"],
      ["D", 99, "BCAD"],
      ["C", 0, "CBAD"],
      ["A", 1, "CABD"],
    ] as const;
    for (const [title, position, order] of moves) {
      expect((await patch(String(ids.get(title)), { position })).status).toBe(200);
      expect((await titlesOf(product)).join("")).toBe(order);
    }
    await archive(String(ids.get("A")));
    expect((await titlesOf(product)).join("")).toBe("CBD");
    await patch(String(ids.get("D")), { position: 1 });
    expect((await titlesOf(product)).join("")).toBe("CDB");
  });

  it("changes the currency of the only one, and of no other", async () => {
    const product = await withVariants("A");
    const price = { amount: 100, currency: "USD" };
    expect((await patch(product.variants[0].id, { price })).body.data.price).toEqual(price);
    await addVariant(product.id, { price });
    const { status, body } = await patch(product.variants[0].id, { price: EUR(1) });
    expect([status, body.error.fields]).toEqual([422, { "price.currency": expect.any(String) }]);
  });
});

describe("An archived variant", () => {
  it("is not offered, not sold, seen by staff, and offered again at the end", async () => {
    const product = await withVariants("A", "B");
    const [{ id, sku }] = product.variants;
    for (let times = 0; times < 2; times += 1) expect((await archive(id)).status).toBe(204);
    expect(await titlesOf(product)).toEqual(["B"]);
    expect((await call("GET", `/products/${product.slug}`)).text).not.toContain(sku);
    const forStaff = (await asAdmin("GET", `/api/v1/products/${product.id}`)).body.data.variants;
    expect(forStaff.map((v: object) => "archived" in v)).toEqual([false, true]);
    const items = [{ sku, quantity: 1 }];
    expect((await reserve(items)).body.error.fields).toEqual({
      "items[0].sku": "Is not for sale.",
    });
    expect(said(await addVariant(product.id, { sku }))).toEqual([409, "CONFLICT"]);
    expect((await patch(id, { archived: false })).body.data).not.toHaveProperty("archived");
    expect(await titlesOf(product)).toEqual(["B", "A"]);
    expect((await reserve(items)).status).toBe(201);
  });

  it("is never the last one", async () => {
    const product = await withVariants("A", "B");
    const both = await Promise.all(product.variants.map(({ id }: { id: string }) => archive(id)));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 422]);
    expect(await titlesOf(product)).toHaveLength(1);
  });

  it("of another currency is not offered again beside the others", async () => {
    const product = await withVariants("A", "B");
    const [a, b] = product.variants;
    await archive(a.id);
    await patch(b.id, { price: { amount: 1, currency: "USD" } });
    expect((await patch(a.id, { archived: false })).status).toBe(422);
    const price = { amount: 2, currency: "USD" };
    expect((await patch(a.id, { archived: false, price })).status).toBe(422);
  });
});
