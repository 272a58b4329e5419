/**
 * The shop's own bundle, with its database, queues and `fetch` watched: `GET /_bench/recorded` says what the requests
 * since the last time have made of them. Only for looking: what is measured runs without it.
 */
import type {
  D1Database,
  D1PreparedStatement,
  D1Result,
  ExecutionContext,
  Queue,
} from "@cloudflare/workers-types";
import { CRON_PATH, type How, RECORDED_PATH, type RecordedTrip, type Visit } from "./recorded.ts";
import shop from "./the-shop.js";

type Open = {
  -readonly [Field in keyof Visit]: Visit[Field] extends readonly (infer One)[]
    ? One[]
    : Visit[Field];
};

const nothing = (): Open => ({ at: null, requests: 0, trips: [], queued: [], fetched: [] });
let visit = nothing();
let moment = 0;

/** A statement with what it was made of. */
class Watched {
  readonly real: D1PreparedStatement;
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly database: string;

  constructor(
    database: string,
    real: D1PreparedStatement,
    sql: string,
    params: readonly unknown[],
  ) {
    this.database = database;
    this.real = real;
    this.sql = sql;
    this.params = params;
  }

  bind(...params: unknown[]): Watched {
    return new Watched(this.database, this.real.bind(...params), this.sql, params);
  }

  all = () => watch(this.database, "all", [this], () => this.real.all());
  run = () => watch(this.database, "run", [this], () => this.real.run());
  first = (column?: string) =>
    watch(this.database, "first", [this], () =>
      column === undefined ? this.real.first() : this.real.first(column),
    );
  raw = (options?: { columnNames?: false }) =>
    watch(this.database, "raw", [this], () => this.real.raw(options));
}

async function watch<T>(
  database: string,
  how: How,
  statements: readonly Watched[],
  work: () => Promise<T>,
): Promise<T> {
  visit.at ??= Date.now();
  const into = visit;
  const began = moment++;
  const costs: { rowsRead: number; rowsWritten: number }[] = [];
  try {
    const answer = await work();
    costs.push(...(await costsOf(how, answer, statements)));
    return answer;
  } finally {
    const trip: RecordedTrip = {
      ...{ database, how, began, ended: moment++ },
      statements: statements.map(({ sql, params }, i) => ({
        ...{ sql, params, rowsRead: 0, rowsWritten: 0 },
        ...costs[i],
      })),
    };
    into.trips.push(trip);
  }
}

/** `raw` and `first` keep the cost to themselves, so what only reads is read once more. */
async function costsOf(how: How, answer: unknown, statements: readonly Watched[]) {
  const results = how === "batch" ? asResults(answer) : asResults([answer]);
  const silent = how === "raw" || how === "first";
  if (!silent) return results.map(costOf);
  const [one] = statements;
  if (one === undefined || !/^\s*(select|with)\b/i.test(one.sql)) return [];
  return [costOf(await one.real.all())];
}

function asResults(answers: unknown): D1Result[] {
  return answers as D1Result[]; // what `batch`, `all` and `run` resolve with
}

const costOf = ({ meta }: D1Result) => ({
  rowsRead: meta.rows_read ?? 0,
  rowsWritten: meta.rows_written ?? 0,
});

function watchedDatabase(name: string, real: Pick<D1Database, "prepare" | "batch">): object {
  return {
    prepare: (sql: string) => new Watched(name, real.prepare(sql), sql, []),
    batch: (statements: readonly Watched[]) =>
      watch(name, "batch", statements, () => real.batch(statements.map((one) => one.real))),
    withSession: (constraint?: string) =>
      "withSession" in real
        ? watchedDatabase(name, (real as D1Database).withSession(constraint)) // a session has no sessions
        : undefined,
    getBookmark: () =>
      "getBookmark" in real && typeof real.getBookmark === "function" ? real.getBookmark() : null,
  };
}

function watchedQueue(name: string, real: Queue): object {
  return {
    send: (body: unknown, options?: object) => {
      visit.queued.push({ queue: name, body });
      return real.send(body, options);
    },
    sendBatch: (messages: Iterable<{ body: unknown }>, options?: object) => {
      const all = [...messages];
      visit.queued.push(...all.map(({ body }) => ({ queue: name, body })));
      return real.sendBatch(all, options);
    },
  };
}

let watched: Record<string, unknown> | undefined;

/** The same object at each request, as the Worker's own bindings are. */
function watchedEnv(env: Record<string, unknown>): Record<string, unknown> {
  watched ??= Object.fromEntries(
    Object.entries(env).map(([name, binding]) => {
      const methods = Object(binding) as Partial<D1Database & Queue>; // whatever it is, it can be asked
      if (typeof methods.prepare === "function")
        return [name, watchedDatabase(name, methods as D1Database)];
      if (typeof methods.sendBatch === "function")
        return [name, watchedQueue(name, methods as Queue)];
      return [name, binding];
    }),
  );
  return watched;
}

const realFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { url, method } = request;
  const body = await request.clone().text();
  visit.fetched.push({ url, method, headers: [...request.headers], body });
  return realFetch(request);
};

async function runCron(cron: string, env: Record<string, unknown>, execution: ExecutionContext) {
  const event = { cron, scheduledTime: Date.now(), noRetry: () => undefined };
  await shop.scheduled(event, watchedEnv(env), execution);
  return Response.json({ data: cron });
}

export default {
  fetch(request: Request, env: Record<string, unknown>, execution: ExecutionContext) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === CRON_PATH) return runCron(searchParams.get("cron") ?? "", env, execution);
    if (pathname !== RECORDED_PATH) {
      visit.requests += 1;
      return shop.fetch(request, watchedEnv(env), execution);
    }
    const seen = visit;
    visit = nothing();
    moment = 0;
    return Response.json(seen);
  },
  queue: (batch: unknown, env: Record<string, unknown>, execution: ExecutionContext) =>
    shop.queue(batch, watchedEnv(env), execution),
  scheduled: (event: unknown, env: Record<string, unknown>, execution: ExecutionContext) =>
    shop.scheduled(event, watchedEnv(env), execution),
};
