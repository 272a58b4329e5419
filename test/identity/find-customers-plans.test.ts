import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { customerIndex, indexBuyer, indexCustomer, indexUser } from "../../src/identity/index.ts";
import { Database } from "../../src/platform/db.ts";
import { fillStep } from "../../src/platform/search/fill-index.ts";
import { beginFilling, filledThrough } from "../../src/platform/search/store.ts";
import { createContext } from "../../src/services.ts";
import { renewShop } from "../support/empty-shop.ts";
import { servicesWith } from "../support/jobs.ts";
import { distinct, grownFrom, scansOf } from "../support/plans.ts";
import { asD1, type Recorded, recordingDatabase, shopOver } from "../support/rig.ts";
import { fillWhole } from "../support/search.ts";

const FEW = 1000;
const MANY = 4000;

const recording = recordingDatabase();
const searching = recordingDatabase(env.SEARCH);
const databases = { db: new Database(asD1(recording.database)), search: over(searching.database) };
const shop = shopOver(recording.database, {
  bindings: { ...env, SEARCH: asD1(searching.database) },
});

function over(database: object): Database {
  return new Database(asD1(database));
}

/** Customers number `from` to `to`: each with the same words and one of their own. */
async function fillCustomers(from: number, to: number): Promise<void> {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  await env.DB.prepare(
    `${numbers} INSERT INTO customers (id, email, name, created_at)
     SELECT printf('cus_%06d', i), printf('c%06d@example.com', i), printf('Mia w%06d 王小明', i), i FROM n`,
  ).run();
  await fillWhole();
}

async function visit(path: string): Promise<string | null> {
  const answer = await shop.asAdmin("GET", path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.body.meta.nextCursor;
}

/** The jobs that tell the index of somebody it knows, of somebody it does not, and of somebody who is gone. */
async function tellAll(number: number): Promise<void> {
  const ctx = createContext(
    servicesWith({ DB: asD1(recording.database), SEARCH: asD1(searching.database) }),
    {
      requestId: "req_plans",
      actor: { kind: "system", label: "system", address: "" },
      later: () => undefined,
      log: { event: "test" },
    },
  );
  const customerId = `cus_${String(number).padStart(6, "0")}`;
  const named = env.DB.prepare("UPDATE customers SET name = 'Zorblax' WHERE id = ? RETURNING seq");
  const { seq } = (await named.bind(customerId).first<{ seq: number }>()) ?? { seq: 0 };
  await indexBuyer(ctx, { email: "c000077@example.com" });
  await indexUser(ctx, { userId: "usr_none" });
  await indexCustomer(ctx, { customerId, seq });
  await env.DB.prepare("DELETE FROM customers WHERE seq = ?").bind(seq).run();
  await indexCustomer(ctx, { customerId, seq });
}

async function everything(number: number): Promise<Recorded[]> {
  recording.statements.length = 0;
  searching.statements.length = 0;
  const typed = ["mia", "m", "小明", "c000077@example.com", "example.com", "w0000", "none"];
  for (const q of typed) {
    const path = `/api/v1/customers?q=${encodeURIComponent(q)}&pageSize=5`;
    await visit(`${path}&include=total`);
    let next = await visit(path);
    for (let page = 2; page <= 10 && next !== null; page += 1)
      next = await visit(`${path}&cursor=${next}`);
  }
  await tellAll(number);
  const [state] = await databases.search.run(beginFilling("customers"));
  await databases.search.run(filledThrough("customers", state?.generation ?? 0, FEW / 2));
  await fillStep(databases, customerIndex);
  return [...recording.statements, ...searching.statements];
}

let few: Recorded[] = [];
let many: Recorded[] = [];

beforeAll(async () => {
  await renewShop();
  await fillCustomers(1, FEW);
  few = await everything(5);
  await fillCustomers(FEW + 1, MANY);
  many = await everything(6);
}, 300_000);

afterAll(async () => {
  await renewShop();
});

const isCount = ({ sql }: Recorded) => /count\(\*\) AS total/.test(sql);

describe("A search for customers", () => {
  it("scans no table of either database, and neither does what fills its index", async () => {
    expect(distinct(many).length).toBeGreaterThan(10);
    expect(await scansOf(distinct(many))).toEqual([]);
  });

  it("reads no more of either database when there are four times as many customers", () => {
    const pages = (all: readonly Recorded[]) =>
      all.filter((one) => !isCount(one)).toSorted((a, b) => a.rowsRead - b.rowsRead);
    expect(grownFrom(pages(few), pages(many))).toEqual([]);
  });

  it("reads as much as it shows, wherever the page is", () => {
    const pages = many.filter(
      ({ sql, params }) =>
        sql.includes("customer_words") && /^\s*select rowid/i.test(sql) && params.includes(6),
    );
    expect(pages.length).toBeGreaterThan(20);
    expect(Math.max(...pages.map(({ rowsRead }) => rowsRead))).toBeLessThanOrEqual(6);
  });
});
