import { describe, expect, it } from "vitest";
import { fillCatalog, newProduct, newWord, walk } from "../support/catalog.ts";
import { call } from "../support/http.ts";
import { fillWhole } from "../support/search.ts";
import { useWorld } from "../support/world.ts";

useWorld();

interface Listed {
  readonly id: string;
  readonly createdAt: string;
  readonly variants: readonly { price: { amount: number } }[];
}

const SORTS = ["newest", "price", "-price", "popular"] as const;
const COUNT = 250;

const price = (item: Listed) => item.variants[0]?.price.amount ?? 0;

describe("A walk through the catalog", () => {
  for (const sort of SORTS) {
    it(`by ${sort} meets each product once, ties included, while others arrive`, async () => {
      const word = newWord();
      await fillCatalog(COUNT, word);
      const path = `/api/v1/products?sort=${sort}&pageSize=17`;
      const items = await walk<Listed>(call, path, () => newProduct({}));
      const old = items.map(({ id }) => id).filter((id) => id.startsWith(`prod_${word}`));
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
      expect(new Set(old).size).toBe(COUNT);
    });
  }

  it("comes in the order that was asked for", async () => {
    await fillCatalog(60, newWord());
    const list = (sort: string) => walk<Listed>(call, `/api/v1/products?sort=${sort}&pageSize=7`);
    const newest = (await list("newest")).map(({ createdAt }) => createdAt);
    expect(newest).toEqual([...newest].sort().reverse());
    const cheapest = (await list("price")).map(price);
    expect(cheapest).toEqual([...cheapest].sort((a, b) => a - b));
    const dearest = (await list("-price")).map(price);
    expect(dearest).toEqual([...cheapest].reverse());
    expect((await list("newest")).map(({ id }) => id)).toEqual(
      (await walk<Listed>(call, "/api/v1/products?pageSize=100")).map(({ id }) => id),
    );
  });

  it("is as long as the total says, with a search or without", async () => {
    const word = newWord();
    await fillCatalog(45, word);
    await newProduct({});
    await fillWhole();
    for (const [query, total] of [
      ["", 46],
      [`&q=${word}`, 45],
      [`&q=${word} 1`, 11],
    ] as const) {
      const path = `/api/v1/products?pageSize=10${query}`;
      const { body } = await call("GET", `${path}&include=total`);
      expect(body.meta.total).toBe(total);
      expect(await walk(call, path)).toHaveLength(total);
    }
  });

  it("goes on in its own order alone", async () => {
    const word = newWord();
    await fillCatalog(30, word);
    await fillWhole();
    for (const q of ["", `&q=${word}`]) {
      const at = (sort: string, more: string) =>
        call("GET", `/api/v1/products?pageSize=10&sort=${sort}${q}${more}`);
      for (const sort of SORTS) {
        const { nextCursor } = (await at(sort, "")).body.meta;
        const others = SORTS.filter((other) => other !== sort);
        for (const other of others)
          expect([sort, other, (await at(other, `&cursor=${nextCursor}`)).status]).toEqual([
            sort,
            other,
            422,
          ]);
      }
    }
  });

  it("has no total that nobody asked for", async () => {
    expect((await call("GET", "/api/v1/products")).body.meta).toEqual({
      pageSize: 20,
      nextCursor: null,
    });
  });

  it("ends exactly at the end when the last page is full", async () => {
    await fillCatalog(20, newWord());
    const { body } = await call("GET", "/api/v1/products");
    expect([body.data.length, body.meta.nextCursor]).toEqual([20, null]);
  });
});

describe("The page size", () => {
  it("is 1 to 100 and a whole number, or the field is named", async () => {
    await fillCatalog(101, newWord());
    for (const size of [1, 100]) {
      const { body } = await call("GET", `/api/v1/products?pageSize=${size}`);
      expect([body.data.length, body.meta.pageSize]).toEqual([size, size]);
    }
    for (const size of ["0", "101", "-1", "1.5", "many", "", "1e9", "NaN", "1&pageSize=2"]) {
      const { status, body } = await call("GET", `/api/v1/products?pageSize=${size}`);
      expect(status).toBe(422);
      expect(Object.keys(body.error.fields)).toEqual(["pageSize"]);
    }
  });

  it("may change between pages", async () => {
    await fillCatalog(10, newWord());
    const first = await call("GET", "/api/v1/products?pageSize=3");
    const { nextCursor } = first.body.meta;
    const rest = await call("GET", `/api/v1/products?pageSize=50&cursor=${nextCursor}`);
    expect(rest.body.data).toHaveLength(7);
  });
});

describe("An unknown sort, include or cursor", () => {
  it("is named", async () => {
    for (const [name, value] of [
      ["sort", "cheap"],
      ["include", "everything"],
      ["cursor", "nonsense"],
    ] as const) {
      const { status, body } = await call("GET", `/api/v1/products?${name}=${value}`);
      expect([status, Object.keys(body.error.fields)]).toEqual([422, [name]]);
    }
  });
});
