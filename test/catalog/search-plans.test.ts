import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { productIndex } from "../../src/catalog/index.ts";
import { Database } from "../../src/platform/db.ts";
import { fillStep } from "../../src/platform/search/fill-index.ts";
import { beginFilling, filledThrough } from "../../src/platform/search/store.ts";
import { renewShop } from "../support/empty-shop.ts";
import { distinct, grownFrom, scansOf } from "../support/plans.ts";
import { type Recorded, recordingDatabase, shopOver } from "../support/rig.ts";
import { fillWhole } from "../support/search.ts";

/** Of each status more than the newest 1000, of which any other order is made. */
const FEW = 2400;
const MANY = 6000;
/** What a search in another order than the newest may read of a database: four rows for each of its 1000. */
const MOST_SORTED = 4 * 1000 + 100;

const recording = recordingDatabase();
const searching = recordingDatabase(env.SEARCH);
const shop = shopOver(recording.database, {
  bindings: { ...env, SEARCH: asD1(searching.database) },
});

function asD1(database: object): D1Database {
  return database as D1Database; // `Database` only ever calls prepare, bind and batch
}

/** Products number `from` to `to`, each with the same words, a word of its own, and half of them drafts. */
async function fillProducts(from: number, to: number): Promise<void> {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  await env.DB.prepare(
    `${numbers} INSERT INTO products (seq, id, slug, title, status, price_from, units_sold, created_at, updated_at)
     SELECT i, printf('prod_%06d', i), printf('slug-%06d', i), printf('Thing w%06d 手作り珈琲豆', i),
       iif(i % 2 = 0, 'draft', 'active'), i % 97 + 1, i % 89, i, 1 FROM n`,
  ).run();
  await fillWhole();
}

const WORDS = ["thing", "things", "thi", "t", "珈琲", "豆", "w000077", "thing w0", "琲珈", "none"];
const SORTS = ["newest", "price", "-price", "popular"];

async function visit(path: string): Promise<string | null> {
  const answer = await shop.asAdmin("GET", path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.body.meta.nextCursor;
}

/** The statements of one visit. */
async function recorded(work: () => Promise<unknown>): Promise<Recorded[]> {
  recording.statements.length = 0;
  searching.statements.length = 0;
  await work();
  return [...recording.statements, ...searching.statements];
}

/** Every search there is, its first page and its tenth, and one step of filling the index in the middle of the shop. */
async function searchAll(): Promise<Recorded[]> {
  return recorded(async () => {
    for (const word of WORDS) {
      for (const sort of SORTS) {
        for (const status of ["active", "draft"]) {
          const path = `/api/v1/products?q=${encodeURIComponent(word)}&sort=${sort}&status=${status}&pageSize=5`;
          await visit(`${path}&include=total`);
          let next = await visit(path);
          for (let page = 2; page <= 10 && next !== null; page += 1)
            next = await visit(`${path}&cursor=${next}`);
        }
      }
    }
    const search = new Database(asD1(searching.database));
    const db = new Database(asD1(recording.database));
    const [state] = await search.run(beginFilling("products"));
    await search.run(filledThrough("products", state?.generation ?? 0, FEW / 2));
    await fillStep({ db, search }, productIndex);
  });
}

let few: Recorded[] = [];
let many: Recorded[] = [];

beforeAll(async () => {
  await renewShop();
  await fillProducts(1, FEW);
  few = await searchAll();
  await fillProducts(FEW + 1, MANY);
  many = await searchAll();
});

afterAll(async () => {
  await renewShop();
});

const isCount = ({ sql }: Recorded) => /count\(\*\) AS total/.test(sql);

describe("A search", () => {
  it("scans no table of either database", async () => {
    expect(distinct(many).length).toBeGreaterThan(10);
    expect(await scansOf(distinct(many))).toEqual([]);
  });

  it("reads no more of either database when there are four times as many products", () => {
    // The last of a statement is the one that counts.
    const pages = (all: readonly Recorded[]) =>
      all.filter((one) => !isCount(one)).toSorted((a, b) => a.rowsRead - b.rowsRead);
    expect(grownFrom(pages(few), pages(many))).toEqual([]);
  });

  it("reads as much as it shows, wherever the page is; of another order than the newest, 1000 at most", () => {
    const reads = many.filter((one) => !isCount(one) && /^\s*select/i.test(one.sql));
    const newest = reads.filter(({ sql, params }) => /LIMIT/i.test(sql) && params.includes(6));
    expect(newest.length).toBeGreaterThan(100);
    expect(Math.max(...reads.map(({ rowsRead }) => rowsRead))).toBeLessThan(MOST_SORTED);
    const onIndex = newest.filter(({ sql }) => sql.includes("product_words"));
    expect(Math.max(...onIndex.map(({ rowsRead }) => rowsRead))).toBeLessThanOrEqual(6);
  });

  it("counts no farther than it says", async () => {
    const counts = many.filter(isCount);
    expect(counts.length).toBeGreaterThan(10);
    expect(Math.max(...counts.map(({ rowsRead }) => rowsRead))).toBeLessThanOrEqual(10_001);
    const inOrder = await shop.call("GET", "/api/v1/products?q=thing&sort=price&include=total");
    expect(inOrder.body.meta).toMatchObject({ total: 1000, totalCapped: true });
    const newest = await shop.call("GET", "/api/v1/products?q=thing&include=total");
    expect(newest.body.meta.total).toBe(MANY / 2);
    expect(newest.body.meta).not.toHaveProperty("totalCapped");
  });
});
