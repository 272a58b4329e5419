import { describe, expect, it } from "vitest";
import { newProduct, newWord } from "../support/catalog.ts";
import { sendWrongForm } from "../support/forms.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { checkOut, order, reserve } from "../support/shop.ts";
import { travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

/** A product of two pieces that is sold in this time, in milliseconds from now. */
async function soldIn(opens: number | null, closes: number | null) {
  const sku = newWord().toUpperCase();
  const variants = [
    { ...{ sku, title: "One", initialStock: 2 }, price: { amount: 1000, currency: "EUR" } },
  ];
  const { body } = await newProduct({
    title: "Drop",
    opensAt: opens === null ? null : inMs(opens),
    closesAt: closes === null ? null : inMs(closes),
    variants,
  });
  return { ...body.data, sku };
}

const hold = (sku: string) => reserve([{ sku, quantity: 1 }]);
const wordOf = async ({ id }: { id: string }) =>
  (await call("GET", `/api/v1/products/${id}`)).body.data.variants[0].availability;

describe("A product that is sold from one moment to another", () => {
  it("is held from the very first to the last, and says when that is", async () => {
    const product = await soldIn(MINUTE_MS, 2 * MINUTE_MS);
    const { sku, opensAt, closesAt } = product;
    const refused = {
      code: "NOT_ON_SALE",
      details: [{ sku, opensAt, closesAt }],
    };
    const early = await hold(sku);
    expect([early.status, early.body.error]).toEqual([...[409, expect.objectContaining(refused)]]);
    expect(early.body.error.message).toContain(opensAt);
    await travel(MINUTE_MS - 1);
    expect((await hold(sku)).status).toBe(409);
    await travel(1);
    expect((await hold(sku)).status).toBe(201);
    await travel(MINUTE_MS - 1);
    expect((await hold(sku)).status).toBe(201);
    await travel(1);
    const late = await hold(sku);
    expect([late.status, late.body.error]).toEqual([409, expect.objectContaining(refused)]);
    expect(late.body.error.message).toContain(closesAt);
  });

  it("is not checked out before its time either, and nothing of it is held", async () => {
    const { sku, opensAt } = await soldIn(MINUTE_MS, null);
    const other = await soldIn(null, null);
    const items = [other.sku, sku].map((one) => ({ sku: one, quantity: 1 }));
    const { status, body } = await checkOut({ items });
    expect([status, body.error.code, body.error.details]).toEqual([
      ...[409, "NOT_ON_SALE", [{ sku, opensAt, closesAt: null }]],
    ]);
    expect((await asAdmin("GET", `/api/v1/inventory/${other.sku}`)).body.data.reserved).toBe(0);
  });

  it("is paid for by whoever has held it in time", async () => {
    const product = await soldIn(null, MINUTE_MS);
    const { body } = await hold(product.sku);
    await travel(2 * MINUTE_MS);
    expect((await checkOut({ reservationId: body.data.id })).status).toBe(201);
  });

  it("is said to be not yet there, or over, at most two seconds late", async () => {
    const product = await soldIn(MINUTE_MS, 2 * MINUTE_MS);
    const seen = [await wordOf(product)];
    const list = async () => (await call("GET", "/api/v1/products")).body.data[0].variants[0];
    await travel(MINUTE_MS - 1000);
    seen.push(await wordOf(product), (await list()).availability);
    await travel(2000);
    seen.push(await wordOf(product), (await list()).availability);
    await travel(MINUTE_MS);
    seen.push(await wordOf(product), (await list()).availability);
    expect(seen).toEqual(["not_yet", "not_yet", "not_yet", "low", "low", "over", "over"]);
  });

  it("does not say how many are left before or after", async () => {
    const early = await soldIn(MINUTE_MS, null);
    expect(early.variants[0]).not.toHaveProperty("left");
    expect((await soldIn(null, MINUTE_MS)).variants[0].left).toBe(2);
  });
});

describe("The page of a product that opens", () => {
  it("says when, by the server's clock at this very answer, and that it is open from then on", async () => {
    const product = await soldIn(MINUTE_MS, null);
    const page = async () => (await call("GET", `/products/${product.slug}`)).text;
    const first = await page();
    await travel(500);
    for (const html of [first, await page()]) {
      expect(html).toContain(`data-opens="${Date.parse(product.opensAt)}"`);
      expect(html).toContain(`datetime="${product.opensAt}"`);
    }
    expect(first).toContain(`data-now="${Date.now() - 500}"`);
    expect(await page()).toContain(`data-now="${Date.now()}"`);
    await travel(MINUTE_MS);
    expect(await page()).not.toContain("data-opens");
  });

  it("refuses a form that comes too early at its field, with the time", async () => {
    const { slug, sku } = await soldIn(MINUTE_MS, null);
    const answer = await sendWrongForm(`/products/${slug}`, { variant: sku, quantity: "1" });
    expect(answer.text).toContain("“Drop” can be reserved from ");
    expect(answer.text).not.toMatch(/from \d{4}-/);
  });

  it("says that it is over, and has no button then", async () => {
    const { slug } = await soldIn(null, MINUTE_MS);
    expect((await call("GET", `/products/${slug}`)).text).toContain("It can be reserved until");
    await travel(MINUTE_MS);
    const { text } = await call("GET", `/products/${slug}`);
    expect(text).toContain("It could be reserved until");
    expect(text).not.toContain("Reserve for 15 minutes");
  });
});

describe("A price or a title that changes", () => {
  const rename = { title: "Renamed" };
  const dearer = { price: { amount: 9900, currency: "EUR" }, title: "Renamed too" };

  async function change(product: { id: string; variants: { id: string }[] }) {
    await travel(1);
    await asAdmin("PATCH", `/api/v1/products/${product.id}`, { body: rename });
    const path = `/api/v1/variants/${product.variants[0]?.id}`;
    expect((await asAdmin("PATCH", path, { body: dearer })).status).toBe(200);
  }

  it("changes nothing for whoever holds it: the page and the order have the old ones", async () => {
    const product = await soldIn(null, null);
    const { body } = await hold(product.sku);
    await change(product);
    const page = (await call("GET", `/reservations/${body.data.id}`)).text;
    expect(page).toContain("€10.00");
    expect(page).not.toContain("Renamed");
    const made = (await checkOut({ reservationId: body.data.id })).body.data;
    expect(made.total).toEqual({ amount: 1000, currency: "EUR" });
    const [item] = (await order(made)).items;
    expect(item).toMatchObject({ title: "Drop", variantTitle: "One" });
    const next = (await checkOut({ items: [{ sku: product.sku, quantity: 1 }] })).body.data;
    expect(next.total.amount).toBe(9900);
    expect((await order(next)).items[0].title).toBe("Renamed");
  });

  it("changes nothing for an open payment", async () => {
    const product = await soldIn(null, null);
    const { body } = await hold(product.sku);
    const made = (await checkOut({ reservationId: body.data.id })).body.data;
    await change(product);
    expect(await order(made)).toMatchObject({
      total: { amount: 1000, currency: "EUR" },
      items: [{ title: "Drop", variantTitle: "One" }],
    });
  });
});
