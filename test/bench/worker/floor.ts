/**
 * The bare floor: a Worker with Hono that sends the statements that the shop was seen to send for a route, writes one
 * log line, and does nothing else.
 */
import type { D1Database, D1PreparedStatement, D1Result, Queue } from "@cloudflare/workers-types";
import { type Context, Hono } from "hono";
import {
  CHECK_PATH,
  LEARN_PATH,
  ONE_SELECT_PATH,
  type OneStatement,
  type Param,
  type Program,
  type ProgramTrip,
  RUN_PATH,
  type StatementCost,
} from "./program.ts";
import type { How } from "./recorded.ts";

type Bindings = Readonly<Record<string, unknown>> & { readonly DB: D1Database };
type Floor = Context<{ Bindings: Bindings }>;

const TAIL_CHARS = 12;
const SEED_CHARS = 4;
const programs = new Map<string, Program>();
const refused = new WeakSet<Program>();
/** What tells the values of this process from those of others. */
let seed = "";
let calls = 0;

function freshValue({ prefix, length }: Program["fresh"][number]): string {
  const room = Math.max(length - prefix.length, TAIL_CHARS);
  const tail = seed + calls.toString(36).padStart(TAIL_CHARS - SEED_CHARS, "0");
  return prefix + tail.padStart(room, "0");
}

function paramValue(param: Param, now: number, fresh: readonly string[]): unknown {
  switch (param.is) {
    case "same":
      return param.value;
    case "time":
      return now + param.offsetMs;
    case "fresh":
      return fresh[param.n];
    case "text":
      return param.pieces.map((one) => (typeof one === "number" ? fresh[one] : one)).join("");
  }
}

function runTrip(env: Bindings, trip: ProgramTrip, now: number, fresh: readonly string[]) {
  const database = env[trip.database] as D1Database; // the bindings have the names that were seen
  const bound = trip.statements.map(
    ({ sql, params }): D1PreparedStatement =>
      params.length === 0
        ? database.prepare(sql)
        : database.prepare(sql).bind(...params.map((one) => paramValue(one, now, fresh))),
  );
  const [first] = bound;
  if (trip.how === "batch" || first === undefined) return database.batch(bound);
  return runAlone(first, trip.how);
}

function runAlone(statement: D1PreparedStatement, how: Exclude<How, "batch">): Promise<unknown> {
  switch (how) {
    case "all":
      return statement.all();
    case "run":
      return statement.run();
    case "raw":
      return statement.raw();
    case "first":
      return statement.first();
  }
}

/** Answers what the database said, trip by trip. A refusal is an answer too: it was one when it was recorded. */
async function perform(env: Bindings, program: Program): Promise<unknown[]> {
  calls += 1;
  const now = Date.now();
  const fresh = program.fresh.map(freshValue);
  const answers: unknown[] = [];
  for (const [i, group] of program.groups.entries()) {
    answers.push(
      ...(await Promise.all(group.map((one) => runTrip(env, one, now, fresh).catch(refusal)))),
    );
    for (const one of program.fetched) if (one.after === i + 1) await ask(one);
  }
  return answers;
}

const refusal = (error: unknown) => String(error);
const isRefusal = (answer: unknown) => typeof answer === "string";

async function ask({ url, method, headers, body }: Program["fetched"][number]): Promise<void> {
  const own = headers.map(([name, value]): [string, string] => [
    name,
    name === "idempotency-key" ? value + seed + calls : value,
  ]);
  const answer = await fetch(url, { method, headers: own, ...(body === "" ? {} : { body }) });
  await answer.text();
}

function log(c: Floor, started: number): void {
  const ms = Math.round(performance.now() - started);
  const { method, path } = c.req;
  console.info(JSON.stringify({ level: "info", event: "request", method, path, ms }));
}

const app = new Hono<{ Bindings: Bindings }>();

app.post(`${LEARN_PATH}/:route`, async (c) => {
  seed ||= crypto.randomUUID().slice(0, SEED_CHARS);
  programs.set(c.req.param("route"), await c.req.json());
  return c.json({ data: "learned" });
});

/** What it costs the database, to hold it against what it cost the shop. */
app.post(`${CHECK_PATH}/:route`, async (c) => {
  const program = programs.get(c.req.param("route"));
  const answers = program === undefined ? [] : await perform(c.env, program);
  const results = answers.flat().filter((one) => typeof one === "object" && one !== null);
  const metas = results.map((one) => (one as Partial<D1Result>).meta);
  return c.json({
    rowsWritten: metas.reduce((sum, meta) => sum + (meta?.rows_written ?? 0), 0),
    refusals: answers.filter(isRefusal),
  });
});

app.post(RUN_PATH, async (c) => {
  const { database, sql, params } = await c.req.json<OneStatement>();
  const statement = (c.env[database] as D1Database).prepare(sql);
  const bound = params.length === 0 ? statement : statement.bind(...params);
  try {
    const { meta } = await bound.run();
    const { rows_read: rowsRead, rows_written: rowsWritten, duration: ms } = meta;
    return c.json({ rowsRead, rowsWritten, ms } satisfies StatementCost);
  } catch (error) {
    const refused = String(error);
    return c.json({ rowsRead: 0, rowsWritten: 0, ms: 0, refused } satisfies StatementCost);
  }
});

app.get(ONE_SELECT_PATH, async (c) => {
  const started = performance.now();
  const row = await c.env.DB.prepare("SELECT * FROM order_numbers WHERE id = ?").bind(1).first();
  log(c, started);
  return c.json({ data: row });
});

app.all("/:route", async (c) => {
  const started = performance.now();
  const program = programs.get(c.req.param("route"));
  if (program === undefined) return c.notFound();
  const answers = refused.has(program) ? [] : await perform(c.env, program);
  if (program.remembersRefusal && answers.some(isRefusal)) refused.add(program);
  for (const { queue, body } of program.queued) {
    c.executionCtx.waitUntil((c.env[queue] as Queue).send(body)); // as the shop does, after its answer
  }
  log(c, started);
  if (refused.has(program)) return c.json({ error: { code: "REFUSED" } }, 409);
  return c.json({ data: { ok: true } }, program.remembersRefusal ? 201 : 200);
});

export default app;
