import { describe, expect, it } from "vitest";
import { addVariant, newProduct, newWord } from "../support/catalog.ts";
import { type Answer, call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { reserve } from "../support/shop.ts";
import { rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const made = async (body: object = {}) => (await newProduct(body)).body.data;
const pathOf = ({ id }: { id: string }) => `/api/v1/products/${id}`;
const patch = (path: string, body: object, headers = {}) =>
  asAdmin("PATCH", path, { body, headers });
const tagOf = (answer: Answer) => answer.headers.get("ETag") ?? "none";
const said = ({ status, body }: Answer) => [status, body?.error?.code];
const auditOf = (target: string) =>
  rows("SELECT action, data FROM audit_log WHERE target = ? ORDER BY rowid", target);

describe("A change of a product", () => {
  it("is answered as it is read from then on, and is written down", async () => {
    const product = await made({ description: "Old." });
    await travel(5);
    const changes = {
      title: "New title",
      slug: newWord(),
      description: "New.",
      opensAt: "2030-01-01T00:00:00.000Z",
      closesAt: "2031-01-01T00:00:00Z",
    };
    const changed = await patch(pathOf(product), changes);
    expect(changed.status).toBe(200);
    expect(changed.body.data).toMatchObject({ ...changes, closesAt: "2031-01-01T00:00:00.000Z" });
    expect(Date.parse(changed.body.data.updatedAt) - Date.parse(product.updatedAt)).toBe(5);
    const read = await asAdmin("GET", pathOf(product));
    expect([read.body, tagOf(read)]).toEqual([changed.body, tagOf(changed)]);
    expect((await call("GET", `/api/v1/products/${changes.slug}`)).body).toEqual(changed.body);
    expect(await auditOf(product.id)).toEqual([
      expect.objectContaining({ action: "product.created" }),
      { action: "product.updated", data: JSON.stringify(changes) },
    ]);
  });

  it("leaves what it does not name, and takes a time away with null", async () => {
    const product = await made({ description: "Old.", opensAt: "2030-01-01T00:00:00.000Z" });
    const { body } = await patch(pathOf(product), { opensAt: null });
    expect(body.data).toEqual({
      ...product,
      opensAt: null,
      variants: [{ ...product.variants[0], availability: "sold_out" }],
      updatedAt: expect.any(String),
    });
  });

  it("publishes a draft, takes it back, archives it, and sells it again", async () => {
    const product = await made({ status: "draft" });
    const seen = async () => (await call("GET", pathOf(product))).status;
    expect(await seen()).toBe(404);
    for (const [status, guests] of [
      ["active", 200],
      ["draft", 404],
      ["archived", 404],
      ["active", 200],
    ]) {
      expect((await patch(pathOf(product), { status })).body.data.status).toBe(status);
      expect([status, await seen()]).toEqual([status, guests]);
    }
  });

  it("is heard of by the index, the memory and the lists", async () => {
    const product = await made({ title: "Umbrella" });
    await settle();
    await call("GET", "/api/v1/products");
    await patch(pathOf(product), { title: "Parasol" });
    expect((await call("GET", "/api/v1/products")).text).toContain("Parasol");
    await settle();
    expect((await call("GET", "/api/v1/products?q=parasol")).body.data).toHaveLength(1);
    expect((await call("GET", "/api/v1/products?q=umbrella")).body.data).toEqual([]);
  });

  it("is refused whole for what cannot be", async () => {
    const product = await made();
    const other = await made();
    const path = pathOf(product);
    const taken = await patch(path, { title: "Never", slug: other.slug });
    expect([...said(taken), taken.body.error.fields]).toEqual([
      ...[409, "CONFLICT"],
      { slug: "Is taken." },
    ]);
    const opensAt = "2030-01-01T00:00:00.000Z";
    const window = await patch(path, { opensAt, closesAt: opensAt });
    expect(window.body.error.fields).toEqual({ closesAt: "Must be later than opensAt." });
    await patch(path, { opensAt });
    const late = await patch(path, { title: "Never", closesAt: "2029-01-01T00:00:00.000Z" });
    expect([late.status, late.body.error.fields]).toEqual([
      ...[422, { closesAt: "Must be later than opensAt." }],
    ]);
    expect((await patch(path, { sku: "X" })).body.error.fields).toEqual({
      sku: "There is no such field.",
    });
    expect(said(await patch("/api/v1/products/prod_none", { title: "X" }))).toEqual([
      ...[404, "NOT_FOUND"],
    ]);
    expect((await asAdmin("GET", path)).body.data.title).toBe(product.title);
    expect((await auditOf(product.id)).map(({ action }) => action)).toEqual([
      ...["product.created", "product.updated"],
    ]);
  });

  it("is refused where a line of an order would have no room for both titles", async () => {
    const variants = [
      { sku: newWord(), title: "v".repeat(100), price: { amount: 1, currency: "EUR" } },
    ];
    const product = await made({ variants });
    expect((await patch(pathOf(product), { title: "p".repeat(147) })).status).toBe(200);
    const { status, body } = await patch(pathOf(product), { title: "p".repeat(148) });
    expect([status, body.error.fields]).toEqual([422, { title: expect.stringContaining("250") }]);
  });

  it("is refused when it has changed since: itself, a variant, but not its stock", async () => {
    const product = await made({
      variants: [
        {
          ...{ sku: newWord(), title: "One", initialStock: 1 },
          price: { amount: 1, currency: "EUR" },
        },
      ],
    });
    const path = pathOf(product);
    const seen = async () => ({ "If-Match": tagOf(await asAdmin("GET", path)) });
    const first = await seen();
    expect((await patch(path, { title: "A" }, first)).status).toBe(200);
    expect(said(await patch(path, { title: "B" }, first))).toEqual([412, "PRECONDITION_FAILED"]);
    const second = await seen();
    await addVariant(product.id);
    expect(said(await patch(path, { title: "B" }, second))).toEqual([412, "PRECONDITION_FAILED"]);
    expect(said(await asAdmin("DELETE", path, { headers: second }))).toEqual([
      ...[412, "PRECONDITION_FAILED"],
    ]);
    const third = await seen();
    expect((await reserve([{ sku: product.variants[0].sku, quantity: 1 }])).status).toBe(201);
    const gone = await call("GET", path);
    expect(gone.body.data.variants[0].availability).toBe("sold_out");
    expect(tagOf(gone)).not.toBe(third["If-Match"]);
    const { status, headers } = await patch(
      path,
      { title: "B" },
      {
        "If-Match": `"7-other", W/${third["If-Match"]}`,
      },
    );
    expect([status, headers.get("ETag")]).toEqual([200, tagOf(await asAdmin("GET", path))]);
    expect((await patch(path, { title: "C" }, { "If-Match": "*" })).status).toBe(200);
  });

  it("by two at once who have seen the same is made by one of them", async () => {
    const path = pathOf(await made());
    const headers = { "If-Match": tagOf(await asAdmin("GET", path)) };
    const both = await Promise.all(["A", "B"].map((title) => patch(path, { title }, headers)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });
});

describe("An archived product", () => {
  it("is for staff alone, is sold no more, and can be made active again", async () => {
    const product = await made({
      variants: [
        {
          ...{ sku: newWord(), title: "One", initialStock: 5 },
          price: { amount: 1, currency: "EUR" },
        },
      ],
    });
    const path = pathOf(product);
    const items = [{ sku: product.variants[0].sku, quantity: 1 }];
    for (let times = 0; times < 2; times += 1)
      expect((await asAdmin("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    expect((await asAdmin("GET", path)).body.data.status).toBe("archived");
    expect((await reserve(items)).body.error.fields).toEqual({
      "items[0].sku": "Is not for sale.",
    });
    expect((await auditOf(product.id)).map(({ action }) => action)).toContain("product.archived");
    await patch(path, { status: "active" });
    expect((await reserve(items)).status).toBe(201);
    expect(said(await asAdmin("DELETE", "/api/v1/products/prod_none"))).toEqual([
      ...[404, "NOT_FOUND"],
    ]);
  });
});
