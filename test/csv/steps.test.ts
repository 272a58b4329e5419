import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Product } from "../../src/catalog/index.ts";
import { fitting } from "../../src/csv/exports/tables.ts";
import { jobRunner, reportStuckJob } from "../../src/csv/index.ts";
import { type AppContext, createContext } from "../../src/services.ts";
import { fillCatalog, newProduct, newWord } from "../support/catalog.ts";
import { makeKey, makeMember } from "../support/credentials.ts";
import { exported, fileOf, jobNow, ordersExported, PRODUCTS } from "../support/csv.ts";
import { deadQueue } from "../support/faults.ts";
import { call } from "../support/http.ts";
import { cronOver, DEAD_JOBS, deliverBatch, servicesWith } from "../support/jobs.ts";
import { as } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { makeSku, toPaymentPage } from "../support/shop.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const SMALL = { steps: 2, exported: 2, bytes: 150 };
const DAY_MS = 24 * 60 * 60_000;
const run = jobRunner(SMALL);

function contextOf(bindings: Partial<typeof env> = {}): AppContext {
  return createContext(servicesWith({ JOBS: deadQueue, ...bindings } as Partial<typeof env>), {
    requestId: "req_test",
    actor: { kind: "system", label: "system", address: "" },
    later: () => undefined,
    log: {},
  });
}

/** A job that nothing has begun to work on. */
async function asked(path: string, text?: string): Promise<string> {
  const shop = shopOver(env.DB, { bindings: { ...env, JOBS: deadQueue } });
  const headers = { "Content-Type": "text/csv" };
  const { body } = await shop.asAdmin("POST", `/api/v1${path}`, {
    headers,
    ...(text === undefined ? {} : { body: text }),
  });
  await rows(
    "UPDATE outbox SET status = 'done', wake_at = NULL, done_at = 1 WHERE topic = 'csv.run'",
  );
  return body.data.id;
}

/** Message by message; answers how many. */
async function runAll(jobId: string): Promise<number> {
  for (let messages = 1; ; messages += 1) {
    await run(contextOf(), { jobId }, "obx_test");
    await rows(
      "UPDATE outbox SET status = 'done', wake_at = NULL, done_at = 1 WHERE topic = 'csv.run'",
    );
    const [job] = await rows<{ phase: string }>("SELECT phase FROM csv_jobs WHERE id = ?", jobId);
    if (job?.phase === "over") return messages;
  }
}

const filesOf = async (jobId: string) => (await env.FILES.list({ prefix: jobId })).objects;

const stepsDone = async () =>
  (await rows<{ version: number }>("SELECT version FROM csv_jobs"))[0]?.version;

describe("A job in small steps", () => {
  it("reads a file that is cut anywhere, over many messages", async () => {
    const lines = Array.from(
      { length: 23 },
      (_, i) => `p${i % 7},"Jär, ${i % 7}",S-${i},"Ü ""${i}""",1.00,EUR`,
    );
    const id = await asked("/imports/products", `\ufeff${[PRODUCTS, ...lines].join("\r\n")}`);
    expect(await runAll(id)).toBeGreaterThan(3);
    expect(await jobNow(id)).toMatchObject({
      status: "succeeded",
      progress: { done: 23, total: 23 },
      counts: { created: 23, updated: 0, unchanged: 0 },
    });
    expect(await rows("SELECT title FROM variants WHERE sku = 'S-22'")).toEqual([
      { title: 'Ü "22"' },
    ]);
    expect(await rows("SELECT count(*) AS n FROM products")).toEqual([{ n: 7 }]);
  });

  it("says where a line is that does not end", async () => {
    const id = await asked("/imports/stock", `sku,onHand\nA,1\n"${"x".repeat(400)},1\n`);
    await runAll(id);
    expect((await jobNow(id)).errors).toEqual([
      {
        line: 3,
        column: null,
        message: "Is longer than 150 bytes, or has a quote that is not closed.",
      },
    ]);
  });

  it("writes each line of a list once, page by page", async () => {
    const skus = [];
    for (let i = 0; i < 7; i += 1) skus.push(await makeSku(i));
    const id = await asked("/exports/stock");
    expect(await runAll(id)).toBe(2);
    const file = await fileOf({ id });
    expect(
      file
        .split("\r\n")
        .slice(1, -1)
        .map((line) => line.split(",")[0]),
    ).toEqual(skus.sort());
  });

  it("writes no more at once than a Worker can hold, however long what is said on each line", async () => {
    const word = newWord();
    await fillCatalog(12, word);
    await rows("UPDATE products SET description = printf('%.*c', 10000, 'x')");
    await rows(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 19)
      INSERT INTO variants (id, product_id, sku, title, amount, currency, position, opening_stock, created_at, updated_at)
      SELECT id || i, product_id, sku || '-' || i, title || i, amount, currency, i, 0, 1, 1 FROM variants, n`);
    const job = await exported("products");
    const file = await fileOf(job);
    expect(new Set(file.split("\r\n").map((line) => line.split(",")[6])).size).toBe(12 * 20 + 2);
    const [{ state } = { state: "" }] = await rows<{ state: string }>("SELECT state FROM csv_jobs");
    const { parts }: { parts: { bytes: number }[] } = JSON.parse(state);
    expect(parts.length).toBe(3);
    for (const { bytes } of parts) expect(bytes).toBeLessThan(1.2 * 1024 * 1024);
  });

  it("writes one product at least, whatever is said of it", () => {
    const product = (variants: number) => ({
      description: "x".repeat(10_000),
      variants: Array.from({ length: variants }) as Product["variants"],
    });
    expect(fitting([product(200), product(1)])).toBe(1);
    expect(fitting([product(50), product(54), product(1)])).toBe(2);
    expect(fitting([product(1)])).toBe(1);
    expect(fitting([])).toBe(0);
  });

  it("is done once, however often and by how many at once it is told to go on", async () => {
    const sku = await makeSku(5);
    const id = await asked("/imports/stock", `sku,onHand\n${sku},9\n`);
    for (let tries = 0; tries < 12; tries += 1)
      await Promise.allSettled([1, 2, 3].map(() => run(contextOf(), { jobId: id }, "obx_test")));
    expect(await jobNow(id)).toMatchObject({ status: "succeeded" });
    const moved = await rows("SELECT on_hand_delta FROM stock_movements WHERE kind = 'adjust'");
    expect(moved).toEqual([{ on_hand_delta: 4 }]);
    await rows(
      "UPDATE outbox SET status = 'done', wake_at = NULL, done_at = 1 WHERE topic = 'csv.run'",
    );
  });

  it("that another message has moved meanwhile is looked at again later", async () => {
    const id = await asked("/exports/stock");
    const ctx = contextOf();
    const files = {
      ...ctx.files,
      put: async () => {
        await rows("UPDATE csv_jobs SET version = version + 1");
        return null;
      },
    } as unknown as R2Bucket;
    await expect(run({ ...ctx, files }, { jobId: id }, "obx_test")).rejects.toThrow(
      "Another message is at work on this job.",
    );
    expect(await stepsDone()).toBe(2);
  });

  it("is judged at the moment at which it is applied: what was sold meanwhile is refused by its line", async () => {
    const { sku } = await toPaymentPage(5);
    const id = await asked("/imports/stock", `sku,onHand\n${await makeSku(1)},2\n${sku},1\n`);
    await run(contextOf(), { jobId: id }, "obx_test"); // read and checked
    await rows(
      "INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at) VALUES (?, 'damage', -1, 0, 'x', 'x', 1)",
      sku,
    );
    await rows("UPDATE csv_jobs SET state = state");
    const [{ data } = { data: "" }] = await rows<{ data: string }>(
      "SELECT data FROM import_rows WHERE sku = ?",
      sku,
    );
    expect(JSON.parse(data)).toEqual({ onHand: 1 });
    const other = await shopOver(env.DB).call("POST", "/api/v1/reservations", {
      body: { items: [{ sku, quantity: 2 }] },
    });
    expect(other.status).toBe(201);
    await runAll(id);
    expect(await jobNow(id)).toMatchObject({
      status: "failed",
      counts: null,
      errors: [
        { line: 3, column: "onHand", message: expect.stringContaining("customers have reserved") },
      ],
    });
    expect(await rows("SELECT * FROM stock_movements WHERE kind = 'adjust'")).toEqual([]);
  });

  it("that no retry brings on has failed, and says so", async () => {
    const id = await asked("/exports/stock");
    const promise = `INSERT INTO outbox (id, topic, payload, dedupe_key, status, created_at, wake_at)
      VALUES ('obx_stuck', 'csv.run', '{"jobId":"${id}"}', 'csv:stuck', 'pending', 1, 9000000000000)`;
    await rows(promise);
    const body = { type: "outbox", id: "obx_stuck", requestId: "req_test" };
    await deliverBatch(DEAD_JOBS, [{ id: "msg_1", body }]);
    expect(await jobNow(id)).toMatchObject({
      status: "failed",
      errors: [{ line: null, message: expect.stringContaining("again and again") }],
    });
    await reportStuckJob(contextOf(), { jobId: id });
    expect((await jobNow(id)).errorCount).toBe(1);
    expect(await rows("SELECT 1 FROM audit_log WHERE action = 'csv_job.given_up'")).toHaveLength(1);
    await rows("DELETE FROM dead_letters");
    await rows("UPDATE outbox SET status = 'done', done_at = 1 WHERE id = 'obx_stuck'");
  });
});

describe("A job", () => {
  it("and its file are for admins and for programs that may make one, and for nobody else", async () => {
    const { id } = await ordersExported();
    const statuses = async (headers: Record<string, string>) => [
      (await call("GET", `/api/v1/jobs/${id}`, { headers })).status,
      (await call("GET", `/api/v1/jobs/${id}/file`, { headers })).status,
    ];
    const bearer = async (...scopes: Parameters<typeof makeKey>[0]) => ({
      Authorization: `Bearer ${(await makeKey(scopes)).secret}`,
    });
    expect(await statuses(await bearer("orders:read"))).toEqual([200, 200]);
    expect(await statuses(await bearer("catalog:write", "inventory:read"))).toEqual([404, 404]);
    expect(await statuses({})).toEqual([401, 401]);
    const [one, other] = [await makeMember("agent"), await makeMember("agent")];
    const own = await as(one, "POST", "/api/v1/exports/stock");
    const at = own.headers.get("Location") ?? "";
    expect((await as(one, "GET", at)).status).toBe(200);
    expect((await as(other, "GET", at)).status).toBe(404);
    const key = await makeKey(["inventory:read"]);
    const person = { accessToken: key.secret };
    expect((await as(person, "POST", "/api/v1/exports/orders")).status).toBe(403);
    const job = await as(person, "POST", "/api/v1/exports/stock");
    await settle();
    expect((await as(person, "GET", job.headers.get("Location") ?? "")).status).toBe(200);
  });

  it("has its file as an attachment that no cache keeps", async () => {
    await newProduct({});
    const { id, file } = await exported("products");
    expect(file).toBe(`https://shop.test/api/v1/jobs/${id}/file`);
    const { secret } = await makeKey(["catalog:write"]);
    const answer = await call("GET", `/api/v1/jobs/${id}/file`, {
      headers: { Authorization: `Bearer ${secret}`, Accept: "text/csv" },
    });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="products-${new Date().toISOString().slice(0, 10)}.csv"`,
      "cache-control": "private, no-store",
    });
  });

  it("has no file while it is none, or an import", async () => {
    const sku = await makeSku(1);
    const id = await asked("/imports/stock", `sku,onHand\n${sku},2\n`);
    const { secret } = await makeKey(["inventory:write"]);
    const headers = { Authorization: `Bearer ${secret}` };
    expect((await call("GET", `/api/v1/jobs/${id}/file`, { headers })).status).toBe(404);
    expect((await jobNow(id)).file).toBeNull();
    await runAll(id);
    expect((await call("GET", `/api/v1/jobs/${id}/file`, { headers })).status).toBe(404);
    expect(await filesOf(id)).toEqual([]);
  });

  it("goes after a week with its files, also with those that nobody knows", async () => {
    await exported("stock");
    const old = (await rows<{ id: string }>("SELECT id FROM csv_jobs"))[0]?.id ?? "";
    await env.FILES.put(`${old}/lost`, "x");
    await cron("*/5 * * * *");
    for (let day = 0; day < 7; day += 1) {
      await travel(DAY_MS);
      await cronOver(servicesWith(), "*/5 * * * *");
    }
    const { id } = await exported("stock");
    await rows("DELETE FROM csv_jobs WHERE id = ?", id).then(
      () => expect.unreachable(),
      (error: Error) => expect(error.message).toContain("csv_jobs_kept"),
    );
    await cronOver(servicesWith(), "*/5 * * * *");
    expect(await rows("SELECT id FROM csv_jobs")).toEqual([{ id }]);
    expect(await filesOf(old)).toEqual([]);
    expect(await filesOf(id)).toHaveLength(1);
  });
});
