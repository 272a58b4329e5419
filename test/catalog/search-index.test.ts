import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { indexProduct } from "../../src/catalog/index.ts";
import { Database } from "../../src/platform/db.ts";
import { createContext } from "../../src/services.ts";
import { addVariant, newProduct, newWord } from "../support/catalog.ts";
import { databaseInterrupted } from "../support/faults.ts";
import { call } from "../support/http.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { asAdmin } from "../support/people.ts";
import { brokenDatabase, shopOver } from "../support/rig.ts";
import { fillWhole, indexRows } from "../support/search.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const MINUTE = "* * * * *";
const EUR = { amount: 4500, currency: "EUR" };

async function titles(q: string, query = ""): Promise<string[]> {
  const answer = await asAdmin("GET", `/api/v1/products?q=${encodeURIComponent(q)}${query}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.data.map(({ title }: { title: string }) => title);
}

/** The job as the queue's consumer does it, over these databases. */
async function index(productId: string, databases: { db?: object; search?: object } = {}) {
  const services = servicesWith({
    ...(databases.db === undefined ? {} : { DB: databases.db as D1Database }),
    ...(databases.search === undefined ? {} : { SEARCH: databases.search as D1Database }),
  });
  const ctx = createContext(services, {
    requestId: "req_index",
    actor: { kind: "system", label: "system", address: "" },
    later: () => undefined,
    log: { event: "test" },
  });
  await indexProduct(ctx, { productId });
}

const idOf = async (made: ReturnType<typeof newProduct>) => (await made).body.data.id as string;

describe("The index of words", () => {
  it("is promised what a product says in the product's own batch, and told by the queue", async () => {
    const id = await idOf(newProduct({ title: "Umbrella" }));
    const promised = await rows("SELECT payload FROM outbox WHERE topic = 'search.product'");
    expect(promised).toEqual([{ payload: JSON.stringify({ productId: id }) }]);
    await settle();
    expect(await titles("umbrella")).toEqual(["Umbrella"]);
  });

  it("has what a product is by now, however late and often it is told", async () => {
    const id = await idOf(newProduct({ title: "Umbrella" }));
    await settle();
    await rows("UPDATE products SET title = 'Parasol' WHERE id = ?", id);
    for (let times = 0; times < 3; times += 1) await index(id);
    expect([await titles("umbrella"), await titles("parasol")]).toEqual([[], ["Parasol"]]);
    expect(await indexRows("SELECT count(*) AS n FROM product_words")).toEqual([{ n: 1 }]);
  });

  it("does not take what a consumer read before a change for what came after it", async () => {
    const id = await idOf(newProduct({ title: "Umbrella" }));
    await settle();
    // The slow one has read the product; then it changes, and a faster consumer writes it down.
    const change = async () => {
      await rows("UPDATE products SET title = 'Parasol' WHERE id = ?", id);
      await index(id);
    };
    const search = interruptedSearch(/INSERT INTO indexed_products/, change);
    await index(id, { search });
    expect([await titles("umbrella"), await titles("parasol")]).toEqual([[], ["Parasol"]]);
  });

  it("has what the variants on offer are called, and their SKUs, as they are by now", async () => {
    const variants = [{ sku: "AB-1204-X", title: "Turquoise", price: EUR }];
    const made = await newProduct({ title: "Umbrella", variants });
    const [variant] = made.body.data.variants;
    const found = async () => {
      await settle();
      return Promise.all(["turquoise", "ab-1204", "scarlet", "ochre"].map((q) => titles(q)));
    };
    const IS = ["Umbrella"];
    expect(await found()).toEqual([IS, IS, [], []]);
    expect((await addVariant(made.body.data.id, { title: "Ochre" })).status).toBe(201);
    expect(await found()).toEqual([IS, IS, [], IS]);
    await asAdmin("PATCH", `/api/v1/variants/${variant.id}`, { body: { title: "Scarlet" } });
    expect(await found()).toEqual([[], IS, IS, IS]);
    expect((await asAdmin("DELETE", `/api/v1/variants/${variant.id}`)).status).toBe(204);
    expect(await found()).toEqual([[], [], [], IS]);
    await asAdmin("PATCH", `/api/v1/variants/${variant.id}`, { body: { archived: false } });
    expect(await found()).toEqual([[], IS, IS, IS]);
  });

  it("is told nothing of a price", async () => {
    const { body } = await newProduct({ title: "Umbrella" });
    const path = `/api/v1/variants/${body.data.variants[0].id}`;
    expect((await asAdmin("PATCH", path, { body: { price: EUR } })).status).toBe(200);
    expect(await rows("SELECT id FROM outbox WHERE topic = 'search.variant'")).toEqual([]);
  });

  it("lets nobody find an archived product, before it has heard of it and after", async () => {
    const id = await idOf(newProduct({ title: "Umbrella" }));
    await settle();
    await rows("UPDATE products SET status = 'archived' WHERE id = ?", id);
    const shoppers = async () => (await call("GET", "/api/v1/products?q=umbrella")).body.data;
    expect(await shoppers()).toEqual([]);
    await index(id);
    expect(await shoppers()).toEqual([]);
    expect(await titles("umbrella", "&status=archived")).toEqual(["Umbrella"]);
  });

  it("counts a version for each change of what is found, and for no other", async () => {
    const id = await idOf(newProduct({ title: "Umbrella" }));
    const version = async () => (await rows("SELECT version FROM products WHERE id = ?", id))[0];
    await rows("UPDATE products SET units_sold = 5, price_from = 7 WHERE id = ?", id);
    expect(await version()).toEqual({ version: 1 });
    await rows("UPDATE products SET title = 'A' WHERE id = ?", id);
    await rows("UPDATE products SET description = 'B' WHERE id = ?", id);
    await rows("UPDATE products SET status = 'archived' WHERE id = ?", id);
    expect(await version()).toEqual({ version: 4 });
  });
});

/** The search database, in which something happens right before the first batch with a statement like this. */
function interruptedSearch(about: RegExp, happens: () => Promise<unknown>): object {
  return databaseInterrupted(about, happens, env.SEARCH);
}

describe("Filling the index anew", () => {
  it("finds every product that is there, in steps, and is done", async () => {
    const word = newWord();
    for (let i = 0; i < 60; i += 1)
      await rows(
        "INSERT INTO products (id, slug, title, status, price_from, created_at, updated_at) VALUES (?, ?, ?, 'active', 1, 1, 1)",
        ...[`prod_${i}`, `slug-${i}`, `${word} ${i}`],
      );
    await fillWhole();
    const { body } = await asAdmin("GET", `/api/v1/products?q=${word}&include=total`);
    expect(body.meta.total).toBe(60);
    expect(
      await indexRows(
        "SELECT generation, through, filled FROM index_state WHERE kind = 'products'",
      ),
    ).toEqual([{ generation: 2, through: expect.any(Number), filled: 2 }]);
  });

  it("is gone on with by the cron, also where nobody has begun it", async () => {
    await newProduct({ title: "Umbrella" });
    await settle();
    await indexRows("DELETE FROM indexed_products");
    await indexRows("INSERT INTO product_words (product_words) VALUES ('delete-all')");
    await indexRows("UPDATE index_state SET generation = 1, through = 0, filled = 0");
    expect((await asAdmin("GET", "/api/v1/products?q=umbrella")).status).toBe(503);
    await cronOver(servicesWith(), MINUTE);
    expect(await titles("umbrella")).toEqual(["Umbrella"]);
  });

  it("keeps what is found until it is done", async () => {
    await newProduct({ title: "Umbrella" });
    await settle();
    await indexRows("UPDATE index_state SET generation = generation + 1, through = 0");
    expect(await titles("umbrella")).toEqual(["Umbrella"]);
  });

  it("forgets products that there are no more, and those whose place others have, since the shop was restored", async () => {
    const [old] = await rows<{ seq: number }>(
      "INSERT INTO products (seq, id, slug, title, status, price_from, version, created_at, updated_at) VALUES (901, 'prod_old', 'old', 'Umbrella', 'active', 1, 7, 1, 1), (902, 'prod_gone', 'gone', 'Parasol', 'active', 1, 1, 1, 1) RETURNING seq",
    );
    expect(old).toEqual({ seq: 901 });
    await fillWhole();
    // The shop is back where neither of them was, and another product gets the number of the first.
    await rows("DELETE FROM products");
    await rows(
      "INSERT INTO products (seq, id, slug, title, status, price_from, created_at, updated_at) VALUES (901, 'prod_new', 'new', 'Raincoat', 'active', 1, 1, 1)",
    );
    await index("prod_new");
    expect([await titles("umbrella"), await titles("raincoat")]).toEqual([[], ["Raincoat"]]);
    await fillWhole();
    expect(await indexRows("SELECT product_id FROM indexed_products")).toEqual([
      { product_id: "prod_new" },
    ]);
    expect(await indexRows("SELECT rowid AS seq FROM product_words")).toEqual([{ seq: 901 }]);
  });

  it("writes over what it has of a later version than the shop, which was restored", async () => {
    const id = await idOf(newProduct({ title: "Umbrella" }));
    await rows("UPDATE products SET title = 'Parasol' WHERE id = ?", id);
    await rows("UPDATE products SET version = 9 WHERE id = ?", id);
    await settle();
    expect(await titles("parasol")).toEqual(["Parasol"]);
    await rows("UPDATE products SET title = 'Raincoat' WHERE id = ?", id);
    await rows("UPDATE products SET version = 1 WHERE id = ?", id);
    await fillWhole();
    expect([await titles("parasol"), await titles("raincoat")]).toEqual([[], ["Raincoat"]]);
  });

  it("outdates what was read of a product before it was begun", async () => {
    const id = await idOf(newProduct({ title: "Umbrella" }));
    await settle();
    // The shop is restored, and its index filled, while a consumer holds what the product was.
    await rows("UPDATE products SET version = 9 WHERE id = ?", id);
    const restore = async () => {
      await rows("UPDATE products SET title = 'Parasol' WHERE id = ?", id);
      await rows("UPDATE products SET version = 1 WHERE id = ?", id);
      await fillWhole();
    };
    await index(id, { search: interruptedSearch(/INSERT INTO indexed_products/, restore) });
    expect([await titles("umbrella"), await titles("parasol")]).toEqual([[], ["Parasol"]]);
  });
});

describe("While the search database does not answer", () => {
  const down = () =>
    shopOver(env.DB, {
      bindings: { ...env, SEARCH: brokenDatabase("D1_ERROR: gone") as D1Database },
    });

  it("everything but a search works, and a search says so", async () => {
    const shop = down();
    await newProduct({ title: "Umbrella" });
    for (const path of ["", "?sort=price", "?status=active", "?q="])
      expect([path, (await shop.call("GET", `/api/v1/products${path}`)).status]).toEqual([
        path,
        200,
      ]);
    for (const sort of ["newest", "popular"]) {
      const found = await shop.call("GET", `/api/v1/products?q=umbrella&sort=${sort}`);
      expect([found.status, found.body.error.code]).toEqual([503, "UNAVAILABLE"]);
      expect(found.headers.get("Retry-After")).toBe("60");
    }
    // Nothing to look for is nothing found, whether the index is there or not.
    expect((await shop.call("GET", "/api/v1/products?q=!!!")).status).toBe(200);
  });

  it("the shop is ready, and says that its search is not", async () => {
    const { status, body } = await down().call("GET", "/health/ready");
    expect([status, body.data.status]).toEqual([200, "degraded"]);
    expect(body.data.checks).toMatchObject({
      database: { status: "up" },
      search: { status: "down" },
    });
  });

  it("the storefront shows everything, and says why", async () => {
    await newProduct({ title: "Umbrella" });
    const page = await down().call("GET", "/?q=parasol");
    expect(page.status).toBe(200);
    expect(page.text).toContain("Umbrella");
    expect(page.text).toContain("The search does not work at the moment");
    expect(page.headers.get("Cache-Control")).toBe("private, no-store");
  });

  it("what was promised to it waits, and is told later", async () => {
    const id = await idOf(newProduct({ title: "Umbrella" }));
    await settle();
    await rows("UPDATE products SET title = 'Parasol' WHERE id = ?", id);
    await expect(index(id, { search: brokenDatabase("D1_ERROR: gone") })).rejects.toThrow("gone");
    await index(id);
    expect(await titles("parasol")).toEqual(["Parasol"]);
  });
});

describe("Before the index was filled for the first time", () => {
  it("a search is refused instead of finding nothing, and readiness says so", async () => {
    await newProduct({ title: "Umbrella" });
    await settle();
    await indexRows("UPDATE index_state SET filled = 0");
    const { status, body } = await call("GET", "/api/v1/products?q=umbrella");
    expect([status, body.error.code]).toEqual([503, "UNAVAILABLE"]);
    const ready = await call("GET", "/health/ready");
    expect([ready.status, ready.body.data.status]).toEqual([200, "degraded"]);
    expect(ready.body.data.checks.search.status).toBe("down");
    expect((await call("GET", "/api/v1/products")).body.data).toHaveLength(1);
  });
});

describe("The search database", () => {
  it("is never asked for what has no q", async () => {
    const search = new Database(env.SEARCH);
    const counted = { prepare: env.SEARCH.prepare.bind(env.SEARCH), batch: countBatches() };
    const shop = shopOver(env.DB, {
      bindings: { ...env, SEARCH: counted as unknown as D1Database },
    });
    await shop.call("GET", "/api/v1/products?sort=popular&include=total");
    await shop.call("GET", "/");
    expect(batches).toBe(0);
    await shop.call("GET", "/api/v1/products?q=a");
    expect(batches).toBe(1);
    expect(search.trips).toBe(0);
  });
});

let batches = 0;

function countBatches() {
  batches = 0;
  return (statements: D1PreparedStatement[]) => {
    batches += 1;
    return env.SEARCH.batch(statements);
  };
}
