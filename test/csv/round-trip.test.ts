import { describe, expect, it } from "vitest";
import { newProduct } from "../support/catalog.ts";
import { dryRun, exported, fileOf, imported } from "../support/csv.ts";
import { asAdmin } from "../support/people.ts";
import { level, makeSku, reserve } from "../support/shop.ts";
import { makeEndpoint } from "../support/subscribers.ts";
import { hearOfEverything, rows, useWorld } from "../support/world.ts";

useWorld();

const NOTHING = { created: 0, updated: 0 };

describe("An export", () => {
  it("of products is imported again without a change", async () => {
    await newProduct({});
    await newProduct({
      title: "=cmd|' /C calc'!A0",
      description: 'Two\r\nlines, "quoted"; and more',
    });
    const job = await exported("products");
    expect(job).toMatchObject({ type: "export", status: "succeeded", errorCount: 0 });
    const file = await fileOf(job);
    expect(file).toContain(`'=cmd|' /C calc'!A0`);
    expect(await dryRun("products", file)).toMatchObject({
      status: "succeeded",
      counts: { ...NOTHING, unchanged: job.progress.done },
    });
    const before = await rows("SELECT * FROM products");
    expect((await imported("products", file)).counts).toMatchObject(NOTHING);
    expect(await rows("SELECT * FROM products")).toEqual(before);
  });

  it("of stock, likewise", async () => {
    const sku = await makeSku(7);
    await makeSku(0);
    await reserve([{ sku, quantity: 2 }]);
    const job = await exported("stock");
    const file = await fileOf(job);
    expect(file.split("\r\n")[0]).toBe("sku,onHand,onHandWas,reserved,available,lowStockThreshold");
    expect(file).toContain(`${sku},7,7,2,5,5\r\n`);
    expect((await imported("stock", file)).counts).toEqual({ ...NOTHING, unchanged: 2 });
    expect(await level(sku)).toMatchObject({ onHand: 7, reserved: 2 });
    expect(await rows("SELECT * FROM stock_movements WHERE kind = 'adjust'")).toEqual([]);
  });

  it("of orders has those of this filter, and no other", async () => {
    const job = await exported("orders?status=paid");
    expect((await fileOf(job)).split("\r\n")).toHaveLength(2);
    expect(job.progress).toEqual({ done: 0, total: 0 });
    expect((await asAdmin("POST", "/api/v1/exports/orders?status=maybe")).status).toBe(422);
  });
});

describe("An import of products", () => {
  it("adds them as POST /products does, and changes those that are there", async () => {
    const head = "slug,title,sku,variantTitle,price,currency,initialStock,maxPerOrder";
    const job = await imported(
      "products",
      `${head}\njar,Moon jar,JAR-S,Small,90.00,EUR,12,1\njar,Moon jar,jar-l,Large,140.5,EUR,,\n`,
    );
    expect(job).toMatchObject({
      status: "succeeded",
      counts: { created: 2, updated: 0, unchanged: 0 },
      progress: { done: 2, total: 2 },
    });
    const { data } = (await asAdmin("GET", "/api/v1/products/jar")).body;
    expect(data).toMatchObject({
      title: "Moon jar",
      status: "active",
      variants: [
        { sku: "JAR-S", title: "Small", price: { amount: 9000 }, maxPerOrder: 1 },
        { sku: "JAR-L", title: "Large", price: { amount: 14050 }, maxPerOrder: 10 },
      ],
    });
    expect(await level("JAR-S")).toMatchObject({ onHand: 12 });
    expect((await asAdmin("GET", "/api/v1/products?q=moon")).body.data).toHaveLength(1);
    const changed = await imported(
      "products",
      "slug,title,sku,variantTitle,price,currency\njar,Sun jar,JAR-S,Small,95.00,EUR\n",
    );
    expect(changed.counts).toEqual({ created: 0, updated: 1, unchanged: 0 });
    const after = (await asAdmin("GET", "/api/v1/products/jar")).body.data;
    expect(after).toMatchObject({
      title: "Sun jar",
      variants: [{ price: { amount: 9500 }, maxPerOrder: 1 }, { price: { amount: 14050 } }],
    });
    expect((await asAdmin("GET", "/api/v1/products?q=sun")).body.data).toHaveLength(1);
    expect((await asAdmin("GET", "/api/v1/products?q=moon")).body.data).toHaveLength(0);
    expect(await rows("SELECT * FROM import_rows")).toEqual([]);
  });
});

describe("An empty cell", () => {
  it("publishes no draft and takes no limit away, and empties what may be empty", async () => {
    const variant = { title: "One", price: { amount: 1000, currency: "EUR" } };
    const limits = { requiresShipping: false, maxPerOrder: 3, maxPerCustomer: 2 };
    const made = await newProduct({
      ...{ title: "TB", slug: "tb", description: "Said.", status: "draft" },
      variants: [{ sku: "TB-1", ...variant, ...limits }],
    });
    const head = "slug,title,sku,variantTitle,price,currency";
    const more = "status,description,requiresShipping,maxPerOrder,maxPerCustomer";
    const job = await imported(
      "products",
      `${head},${more}\ntb,TB,TB-1,One,10.00,EUR,,,,,\nnew,New,N-1,One,10.00,EUR,,,,,\n`,
    );
    expect(job.counts).toEqual({ created: 1, updated: 1, unchanged: 0 });
    const read = async (id: string) => (await asAdmin("GET", `/api/v1/products/${id}`)).body.data;
    const { variants, ...product } = await read(made.body.data.id);
    expect(product).toMatchObject({ status: "draft", description: "" });
    expect(variants[0]).toMatchObject({ ...limits, maxPerCustomer: null });
    const fresh = await read("new");
    expect(fresh).toMatchObject({
      status: "active",
      variants: [{ requiresShipping: true, maxPerOrder: 10 }],
    });
  });
});

describe("A threshold in an import of stock", () => {
  const threshold = async (sku: string) => (await level(sku)).lowStockThreshold;

  it("is changed where it is another one, and stays where nothing is said", async () => {
    const [up, same, silent] = [await makeSku(7), await makeSku(7), await makeSku(7)];
    const file = `sku,onHand,lowStockThreshold\n${up},7,9\n${same},7,5\n${silent},7,\n`;
    const counts = { created: 0, updated: 1, unchanged: 2 };
    expect((await dryRun("stock", file)).counts).toEqual(counts);
    expect(await threshold(up)).toBe(5);
    expect((await imported("stock", file)).counts).toEqual(counts);
    expect([await threshold(up), await threshold(same), await threshold(silent)]).toEqual([
      ...[9, 5, 5],
    ]);
    expect(await rows("SELECT * FROM stock_movements WHERE kind = 'adjust'")).toEqual([]);
    const words = await rows("SELECT availability FROM variants ORDER BY rowid");
    expect(words.map(({ availability }) => availability)).toEqual(["low", "in_stock", "in_stock"]);
    const exportedFile = await fileOf(await exported("stock"));
    expect(exportedFile).toContain(`${up},7,7,0,7,9\r\n`);
    expect((await imported("stock", exportedFile)).counts).toEqual({ ...NOTHING, unchanged: 3 });
  });

  it("judges what falls by the same line", async () => {
    await makeEndpoint(["inventory.low"]);
    const [above, below] = [await makeSku(9), await makeSku(9)];
    await imported("stock", `sku,onHand,lowStockThreshold\n${above},4,2\n${below},8,8\n`);
    expect(await rows("SELECT subject FROM outgoing_events")).toEqual([{ subject: below }]);
  });

  it("is another one for the operators, who hear of the next fall to it", async () => {
    await hearOfEverything();
    const promised = async () =>
      (await rows("SELECT id FROM outbox WHERE topic = 'mail.low_stock'")).length;
    const sku = await makeSku(9);
    await reserve([{ sku, quantity: 5 }]);
    expect(await promised()).toBe(1);
    await imported("stock", `sku,onHand,lowStockThreshold\n${sku},9,2\n`);
    expect(await promised()).toBe(1);
    await reserve([{ sku, quantity: 2 }]);
    expect(await promised()).toBe(2);
  });
});

describe("An import of stock", () => {
  it("is movements of the ledger, up and down", async () => {
    const [more, fewer] = [await makeSku(3), await makeSku(5)];
    const job = await imported("stock", `sku;onHand\r\n${more};10\r\n${fewer.toLowerCase()};1\r\n`);
    expect(job.counts).toEqual({ created: 0, updated: 2, unchanged: 0 });
    expect(await level(more)).toMatchObject({ onHand: 10 });
    expect(await level(fewer)).toMatchObject({ onHand: 1 });
    expect(
      await rows(
        "SELECT sku, on_hand_delta AS delta, reason FROM stock_movements WHERE kind = 'adjust'",
      ),
    ).toEqual([
      { sku: more, delta: 7, reason: `Imported by ${job.id}` },
      { sku: fewer, delta: -4, reason: `Imported by ${job.id}` },
    ]);
  });
});
