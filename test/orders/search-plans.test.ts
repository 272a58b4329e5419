import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKED_AT } from "../../src/orders/listing/store.ts";
import { renewShop } from "../support/empty-shop.ts";
import { manyOrders } from "../support/many-orders.ts";
import { distinct, grownFrom, scansOf } from "../support/plans.ts";
import { asD1, type Recorded, recordingDatabase, shopOver } from "../support/rig.ts";
import { fillWhole } from "../support/search.ts";

const FEW = 1500;
const MANY = 4500;
/** A match is found by its number and then read; its lines, payments and so on are read for those that are shown. */
const MOST_READ = 3 * LOOKED_AT + 300;

const recording = recordingDatabase();
const searching = recordingDatabase(env.SEARCH);
const shop = shopOver(recording.database, {
  bindings: { ...env, SEARCH: asD1(searching.database) },
});

async function fillOrders(from: number, to: number): Promise<void> {
  await manyOrders(from, to);
  await env.DB.prepare(
    "UPDATE orders SET status = 'paid', payment_status = 'paid', captured = 1 WHERE payment_status = 'unpaid'",
  ).run();
  await fillWhole();
}

async function visit(path: string): Promise<string | null> {
  const answer = await shop.asAdmin("GET", path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.body.meta.nextCursor;
}

/** Searches with and without filters, counted and not, the first page and the fourth. */
async function searchAll(): Promise<Recorded[]> {
  recording.statements.length = 0;
  searching.statements.length = 0;
  for (const words of ["example.com", "c000077", "sku", "one", "2100", "none"]) {
    for (const filter of ["", "&status=paid", "&status=canceled", "&sku=NONE&email=a@b.test"]) {
      const path = `/api/v1/orders?q=${words}&pageSize=5${filter}`;
      await visit(`${path}&include=total`);
      let next = await visit(path);
      for (let page = 2; page <= 4 && next !== null; page += 1)
        next = await visit(`${path}&cursor=${next}`);
    }
  }
  return [...recording.statements, ...searching.statements];
}

let few: Recorded[] = [];
let many: Recorded[] = [];

beforeAll(async () => {
  await renewShop();
  await fillOrders(1, FEW);
  few = await searchAll();
  await fillOrders(FEW + 1, MANY);
  many = await searchAll();
}, 300_000);

afterAll(async () => {
  await renewShop();
});

/** What counts reads what it counts, and so does what finds all that is counted. */
const isCount = ({ sql, params }: Recorded) =>
  /count\(\*\) AS total/.test(sql) || params.includes(10_001);

describe("A search for orders", () => {
  it("scans no table of either database", async () => {
    expect(distinct(many).length).toBeGreaterThan(8);
    expect(await scansOf(distinct(many))).toEqual([]);
  });

  it("reads no more of either database when there are three times as many orders", () => {
    const pages = (all: readonly Recorded[]) =>
      all.filter((one) => !isCount(one)).toSorted((a, b) => a.rowsRead - b.rowsRead);
    expect(grownFrom(pages(few), pages(many))).toEqual([]);
  });

  it("reads as much as it shows, and with filters no more matches than it says", () => {
    const reads = many.filter((one) => !isCount(one) && /^\s*select/i.test(one.sql));
    expect(Math.max(...reads.map(({ rowsRead }) => rowsRead))).toBeLessThan(MOST_READ);
    const plain = reads.filter(
      ({ sql, params }) => sql.includes("order_words") && params.includes(6),
    );
    expect(plain.length).toBeGreaterThan(10);
    expect(Math.max(...plain.map(({ rowsRead }) => rowsRead))).toBeLessThanOrEqual(6);
  });

  it("counts no farther than it says", () => {
    const counts = many.filter(isCount);
    expect(counts.length).toBeGreaterThan(10);
    expect(Math.max(...counts.map(({ rowsRead }) => rowsRead))).toBeLessThanOrEqual(3 * 10_001);
  });
});
