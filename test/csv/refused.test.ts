import { describe, expect, it } from "vitest";
import { newProduct } from "../support/catalog.ts";
import { dryRun, endOf, imported, PRODUCTS, send } from "../support/csv.ts";
import { asAdmin } from "../support/people.ts";
import { level, makeSku, reserve } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const CSV = { "Content-Type": "text/csv" };

/** What is said of a file, as line, column and sentence; nothing of it is in the shop. */
async function errorsOf(kind: string, text: string): Promise<unknown[]> {
  const before = await rows("SELECT * FROM products, stock_levels");
  const job = await imported(kind, text);
  expect(job).toMatchObject({ status: "failed", counts: null });
  expect(job.errorCount).toBe(job.errors.length);
  expect(await rows("SELECT * FROM products, stock_levels")).toEqual(before);
  expect(await rows("SELECT * FROM import_rows")).toEqual([]);
  return job.errors.map(({ line, column, message }: Record<string, unknown>) => [
    ...[line, column, message],
  ]);
}

describe("A header", () => {
  it("with columns that are unknown, missing or there twice is refused by their names", async () => {
    expect(await errorsOf("stock", "SKU,colour,sku\nA,red,B\n")).toEqual([
      [1, "colour", expect.stringContaining("There is no such column. There are: sku, onHand")],
      [1, "sku", "Is there twice."],
      [1, "onHand", "Is missing."],
    ]);
    expect(await errorsOf("products", `${PRODUCTS},opensAt\n`)).toEqual([
      [1, "closesAt", "Is missing: these columns come together."],
    ]);
  });

  it("is there, in any case and order, behind a mark, between semicolons", async () => {
    const sku = await makeSku(1);
    const job = await imported("stock", `\ufeff ONHAND ;sku\r\n4;${sku}\r\n`);
    expect(job.counts).toEqual({ created: 0, updated: 1, unchanged: 0 });
    expect(await errorsOf("stock", "\n \n")).toEqual([
      [1, null, "The file is empty: it has no header."],
    ]);
  });
});

describe("A line", () => {
  it("is refused with the column and the words of POST /products, each line of the file", async () => {
    const lines = [
      "bad slug,Jar,A-1,One,10.00,EUR",
      "jar,,A 2,One,10.00,EUR",
      "jar,Jar,A-3,One,ten,EUR",
      "jar,Jar,A-4,One,10.00,EURO",
      "jar,Jar,A-5,One,10.00",
    ];
    expect(await errorsOf("products", `${PRODUCTS}\n${lines.join("\n")}\n`)).toEqual([
      [2, "slug", "Use small letters and digits, joined by single dashes."],
      [3, "title", expect.stringContaining("Must")],
      [3, "sku", "Use up to 64 letters, digits, dots, dashes and underscores."],
      [4, "price", "Must be a price such as 25.00, with a point."],
      [5, "currency", "Must be an ISO 4217 currency code such as USD."],
      [6, null, "Has 5 cells, and the header has 6."],
    ]);
    expect(
      await errorsOf(
        "products",
        `${PRODUCTS},requiresShipping,maxPerOrder,status\nj,J,A-1,One,1.00,EUR,perhaps,0,sold\nk,K,A-2,One,1.00,EUR,TRUE,many,draft\n`,
      ),
    ).toEqual([
      [2, "requiresShipping", "Must be true or false."],
      [2, "status", expect.any(String)],
      [2, "maxPerOrder", expect.any(String)],
      [3, "maxPerOrder", "Must be a whole number."],
    ]);
  });

  it("that does not fit to other lines or to the catalog is refused", async () => {
    const { slug, variants } = (await newProduct({})).body.data;
    const known = variants[0].sku;
    const file = (...lines: string[]) => `${PRODUCTS},status\n${lines.join("\n")}\n`;
    expect(
      await errorsOf(
        "products",
        file(
          "a,A,S-1,One,1.00,EUR,active",
          "a,B,S-2,One,1.00,EUR,active",
          "a,A,s-1,One,1.00,EUR,active",
          "a,A,S-3,One,1.00,USD,active",
          `a,A,${known},One,1.00,EUR,active`,
          "b,B,S-4,One,1.00,EUR,archived",
          `${slug},T,S-5,One,1.00,USD,active`,
        ),
      ),
    ).toEqual([
      [3, "title", "Something of the product is another one than on line 2."],
      [4, "sku", "Is on line 2 already."],
      [5, "currency", "All variants of a product have one currency."],
      [6, "sku", `Belongs to another product: ${slug}.`],
      [7, "status", "A new product is draft or active."],
      [8, "currency", "All variants of a product have one currency."],
    ]);
    const stock = `${PRODUCTS},initialStock\n${slug},T,${known},One,1.00,EUR,5\n`;
    expect(await errorsOf("products", stock)).toEqual([
      [2, "initialStock", "Is for a new SKU alone: import the stock instead."],
    ]);
    const many = Array.from({ length: 101 }, (_, i) => `m,M,M-${i},V${i},1.00,EUR,active`);
    expect(await errorsOf("products", file(...many))).toEqual([
      [102, "sku", "A product has at most 100 variants."],
    ]);
  });

  it("of a variant that is archived, or of a title too long beside another, is refused", async () => {
    const long = "x".repeat(150);
    const price = { amount: 100, currency: "EUR" };
    const two = [
      { sku: "LONG-1", title: long, price },
      { sku: "LONG-2", title: "Two", price },
    ];
    const { slug, variants } = (await newProduct({ variants: two })).body.data;
    const title = "y".repeat(120);
    expect(
      await errorsOf("products", `${PRODUCTS}\n${slug},${title},LONG-2,Two,1.00,EUR\n`),
    ).toEqual([[2, "title", expect.stringContaining("With the title of another variant")]]);
    await asAdmin("DELETE", `/api/v1/variants/${variants[1].id}`);
    expect(await errorsOf("products", `${PRODUCTS}\n${slug},T,LONG-2,Two,1.00,EUR\n`)).toEqual([
      [2, "sku", "Is archived: offer it again first."],
    ]);
  });

  it("of stock is refused below what is reserved, for what is not there, twice, and where it was sold meanwhile", async () => {
    const sku = await makeSku(5);
    const other = await makeSku(5);
    await reserve([{ sku, quantity: 3 }]);
    expect(
      await errorsOf(
        "stock",
        `sku,onHand,onHandWas\n${sku},2,\n${other},9,4\n${other},9,5\nNOWHERE,1,\n`,
      ),
    ).toEqual([
      [2, "onHand", "Is less than the 3 that customers have reserved."],
      [3, "onHandWas", "There are 5 by now: export the stock again."],
      [4, "sku", "Is on line 3 already."],
      [5, "sku", "There is no such SKU."],
    ]);
    expect(await errorsOf("stock", `sku,onHand\n${sku},-1\n${sku},1.5\n${sku},1000001\n`)).toEqual([
      [2, "onHand", "Must be a whole number."],
      [3, "onHand", "Must be a whole number."],
      [4, "onHand", "Must be at most 1000000."],
    ]);
    expect(await level(sku)).toMatchObject({ onHand: 5 });
  });

  it("of stock with a threshold that is none is refused, and none of the others is changed", async () => {
    const [sku, other] = [await makeSku(5), await makeSku(5)];
    const file = `sku,onHand,lowStockThreshold\n${other},5,9\n${sku},5,-1\n${sku},5,few\n${sku},5,1000001\n`;
    const errors = [
      [3, "lowStockThreshold", "Must be a whole number."],
      [4, "lowStockThreshold", "Must be a whole number."],
      [5, "lowStockThreshold", "Must be at most 1000000."],
    ];
    expect(await errorsOf("stock", file)).toEqual(errors);
    expect((await dryRun("stock", file)).errorCount).toBe(3);
    const late = `sku,onHand,lowStockThreshold\n${other},5,9\nNOWHERE,5,9\n`;
    expect(await errorsOf("stock", late)).toEqual([[3, "sku", "There is no such SKU."]]);
    expect(await level(other)).toMatchObject({ lowStockThreshold: 5 });
  });

  it("of a dry run is refused as well, and what is fine is counted and not done", async () => {
    const sku = await makeSku(5);
    const wrong = await dryRun("stock", `sku,onHand\nNOWHERE,1\n`);
    expect(wrong).toMatchObject({ status: "failed", dryRun: true, errorCount: 1 });
    const fine = await dryRun("stock", `sku,onHand\n${sku},1\n`);
    expect(fine).toMatchObject({ status: "succeeded", counts: { created: 0, updated: 1 } });
    expect(await level(sku)).toMatchObject({ onHand: 5 });
  });
});

describe("A file", () => {
  it("shows the first hundred of its errors, and says how many there are", async () => {
    const lines = Array.from({ length: 150 }, (_, i) => `NOWHERE-${i},1`);
    const job = await imported("stock", `sku,onHand\n${lines.join("\n")}\n`);
    expect([job.errorCount, job.errors.length]).toEqual([150, 100]);
    const worse = Array.from({ length: 2500 }, () => "A,x");
    const given = await imported("stock", `sku,onHand\n${worse.join("\n")}\n`);
    expect([given.status, given.errors.length]).toEqual(["failed", 100]);
  });

  it("that is empty, too large, no CSV or compressed is refused at once", async () => {
    const refused = async (headers: Record<string, string>, body: string) => {
      const answer = await asAdmin("POST", "/api/v1/imports/stock", { headers, body });
      return [answer.status, answer.body.error.code];
    };
    expect(await refused(CSV, "")).toEqual([422, "VALIDATION_FAILED"]);
    expect(await refused({ "Content-Type": "application/json" }, "{}")).toEqual([
      ...[415, "UNSUPPORTED_MEDIA_TYPE"],
    ]);
    expect(await refused({ ...CSV, "Content-Encoding": "gzip" }, "x")).toEqual([
      ...[415, "UNSUPPORTED_MEDIA_TYPE"],
    ]);
    expect(await refused({ "Content-Type": "text/csv; charset=utf-16" }, "x")).toEqual([
      ...[415, "UNSUPPORTED_MEDIA_TYPE"],
    ]);
    expect((await send("stock", "sku,onHand\n", "?dryRun=maybe")).status).toBe(422);
    expect(await rows("SELECT * FROM csv_jobs")).toEqual([]);
  });

  it("that is not in UTF-8 is refused in words", async () => {
    const stream = new Response(new Uint8Array([115, 107, 117, 0xff, 0xfe, 10])).body;
    const job = await endOf(
      await asAdmin("POST", "/api/v1/imports/stock", { headers: CSV, body: stream }),
    );
    expect(job.errors).toEqual([
      { line: null, column: null, message: expect.stringContaining("not in UTF-8") },
    ]);
  });
});
