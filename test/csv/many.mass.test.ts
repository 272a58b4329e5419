import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { fileOf, jobNow, PRODUCTS } from "../support/csv.ts";
import { deadQueue } from "../support/faults.ts";
import { deliverBatch, JOBS } from "../support/jobs.ts";
import { recordingDatabase, shopOver } from "../support/rig.ts";
import { roundsOf } from "../support/sample.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const LINES = roundsOf(3000, 100_000);
/** Of an invocation. https://developers.cloudflare.com/d1/platform/limits/ */
const MOST_QUERIES = 1000;
const numbers = Array.from({ length: LINES }, (_, i) => String(i + 1).padStart(6, "0"));

interface Cost {
  readonly job: Awaited<ReturnType<typeof jobNow>>;
  readonly messages: number;
  /** In the message that took most. */
  readonly queries: number;
  readonly longestMs: number;
  readonly ms: number;
}

/** Does a job message by message, as the queue would, and counts. */
async function work(path: string, text?: string): Promise<Cost> {
  const recording = recordingDatabase();
  const shop = shopOver(recording.database, { bindings: { ...env, JOBS: deadQueue } });
  const started = performance.now();
  const { body, status } = await shop.asAdmin("POST", `/api/v1${path}`, {
    headers: { "Content-Type": "text/csv" },
    ...(text === undefined ? {} : { body: text }),
  });
  expect(status).toBe(202);
  const cost = { messages: 0, queries: 0, longestMs: 0 };
  for (;;) {
    const [next] = await rows<{ id: string }>(
      "SELECT id FROM outbox WHERE topic = 'csv.run' AND status = 'pending'",
    );
    if (next === undefined) break;
    recording.statements.length = 0;
    const begun = performance.now();
    const message = { type: "outbox", id: next.id, requestId: "req_test" };
    const { acked } = await deliverBatch(JOBS, [{ id: next.id, body: message }], shop.services);
    expect(acked).toEqual([next.id]);
    cost.messages += 1;
    cost.queries = Math.max(cost.queries, recording.statements.length);
    cost.longestMs = Math.max(cost.longestMs, Math.round(performance.now() - begun));
  }
  expect(cost.queries).toBeLessThan(MOST_QUERIES);
  const job = await jobNow(body.data.id);
  const done = { ...cost, job, ms: Math.round(performance.now() - started) };
  return done;
}

describe("A file of 100,000 lines", () => {
  it("of products is read and applied whole, of stock too, and both are written again", async () => {
    const lines = numbers.map((n) => {
      const product = `P${n.slice(0, -1)}`;
      return `${product.toLowerCase()},Thing ${product},S${n},Variant ${n},12.50,EUR,3`;
    });
    const made = await work(
      "/imports/products",
      [`${PRODUCTS},initialStock`, ...lines, ""].join("\n"),
    );
    expect(made.job).toMatchObject({
      status: "succeeded",
      counts: { created: LINES, updated: 0, unchanged: 0 },
      progress: { done: LINES, total: LINES },
    });
    const stock = numbers.map((n) => `S${n},${Number(n) % 50},${Number(n) % 50 === 3 ? "" : 7}`);
    const moved = await work(
      "/imports/stock",
      ["sku,onHand,lowStockThreshold", ...stock].join("\n"),
    );
    const same = numbers.filter((n) => Number(n) % 50 === 3).length;
    expect(moved.job.counts).toEqual({ created: 0, updated: LINES - same, unchanged: same });
    const levels = await fileOf((await work("/exports/stock")).job);
    expect(levels.match(/,7\r\n/g)).toHaveLength(LINES - same);
    expect(levels.split("\r\n")).toHaveLength(LINES + 2);
    const file = await fileOf((await work("/exports/products")).job);
    expect(new Set(file.split("\r\n")).size).toBe(LINES + 2);
    const again = await work("/imports/products?dryRun=true", file);
    expect(again.job.counts).toEqual({ created: 0, updated: 0, unchanged: LINES });
  });

  it("of orders is written in bounded steps", async () => {
    const make = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${LINES}) `;
    await rows(`${make} INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at, ended_at)
      SELECT printf('rsv_%06d', i), printf('hld_%06d', i), 'held', printf('guest_%06d', i), 9, 'test', 1, 9999999999999, NULL FROM n`);
    await rows(`${make} INSERT INTO orders (id, number, status, payment_status, fulfillment_status, email, currency, subtotal, total,
        payment_terms, reservation_id, success_url, cancel_url, version, created_at, updated_at)
      SELECT printf('ord_%06d', i), i, 'pending_payment', 'unpaid', 'unfulfilled', 'ada@example.com', 'EUR', 100, 100,
        '{}', printf('rsv_%06d', i), 'https://a.test', 'https://a.test', 1, i / 7, 1 FROM n`);
    const { job } = await work("/exports/orders?status=pending_payment");
    const numbersOf = (await fileOf(job))
      .split("\r\n")
      .slice(1, -1)
      .map((line) => Number(line.split(",")[0]));
    expect(numbersOf).toHaveLength(LINES);
    expect(new Set(numbersOf).size).toBe(LINES);
    await env.DB.batch(
      [
        "PRAGMA defer_foreign_keys = on",
        "DROP TRIGGER orders_no_delete",
        "DROP TRIGGER reservations_no_delete",
        "DROP TRIGGER orders_purged",
        "DELETE FROM orders",
        "DELETE FROM reservations",
      ].map((sql) => env.DB.prepare(sql)),
    );
  });
});
