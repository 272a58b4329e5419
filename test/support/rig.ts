import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { createServices, type Services, servicesOf } from "../../src/services.ts";
import { openApi } from "./contract.ts";
import { type Answer, ask, type Call, newKeyWhereNeeded } from "./http.ts";
import { theAdmin } from "./people.ts";

export interface Rig {
  readonly services: Services;
  readonly call: (method: string, path: string, options?: Call) => Promise<Answer>;
  readonly asAdmin: (method: string, path: string, options?: Call) => Promise<Answer>;
}

/** A shop of its own over this database, built as the Worker's entry builds it. */
export function shopOver(database: object, overrides: Partial<Services> = {}): Rig {
  const bindings = { ...env, ...overrides.bindings, DB: asD1(database) };
  // The signing keys are shared, so that a database that fails does not keep callers from being known.
  const { keys, limiter, cache } = servicesOf(env);
  const shared = { keys, limiter, cache };
  const services = createServices(bindings, { ...shared, ...overrides, bindings });
  const app = createApp(services);
  const call = (method: string, path: string, options: Call = {}) =>
    ask(
      async (url, init) => {
        const execution = createExecutionContext();
        const response = await app.fetch(new Request(url, init), bindings, execution);
        await waitOnExecutionContext(execution);
        return response;
      },
      [method, path],
      options,
    );
  return {
    services,
    call,
    asAdmin: async (method, path, options = {}) => {
      const { accessToken } = await theAdmin();
      const headers = {
        Authorization: `Bearer ${accessToken}`,
        ...newKeyWhereNeeded(method, path),
        ...options.headers,
      };
      return call(method, path, { ...options, headers });
    },
  };
}

export function asD1(database: object): D1Database {
  return database as D1Database; // `Database` only ever calls prepare, bind and batch
}

/** A database that fails every batch with these words. */
export function brokenDatabase(words: string): object {
  return {
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: () => Promise.reject(new Error(words)),
  };
}

export interface Recorded {
  readonly over: D1Database;
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly rowsRead: number;
}

/** The test's database, or another, writing down each statement that is run on it. */
export function recordingDatabase(over: D1Database = env.DB): {
  database: object;
  statements: Recorded[];
} {
  const statements: Recorded[] = [];
  const known = new WeakMap<D1PreparedStatement, Omit<Recorded, "rowsRead">>();
  const prepare = (sql: string) => ({
    bind: (...params: unknown[]) => {
      const bound = over.prepare(sql).bind(...params);
      known.set(bound, { over, sql, params });
      return bound;
    },
  });
  const batch = async (bound: D1PreparedStatement[]) => {
    const results = await over.batch(bound);
    bound.forEach((one, i) => {
      const statement = known.get(one);
      const rowsRead = results[i]?.meta.rows_read ?? 0;
      if (statement !== undefined) statements.push({ ...statement, rowsRead });
    });
    return results;
  };
  return { database: { prepare, batch }, statements };
}

export interface LogLine {
  readonly [field: string]: unknown;
}

/**
 * What the Worker writes while `work` runs, which is told how to read it so far; with `event`, only the lines of that kind.
 * Without it, those of the jobs are there too that the real queue happens to do meanwhile, such as the mail of a
 * registration just before.
 */
export async function logOf(
  work: (written: () => LogLine[]) => Promise<unknown>,
  event?: "request" | "cron" | "not_configured" | "test",
): Promise<{ lines: LogLine[]; text: string }> {
  await openApi(); // or the first answer that is checked would log the reading of the document
  const spies = (["info", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
  for (const spy of spies) spy.mockImplementation(() => undefined);
  const written = () =>
    spies
      .flatMap((spy) => spy.mock.calls.map(([line]) => String(line)))
      .map((text) => ({ text, line: JSON.parse(text) as LogLine }))
      .filter(({ line }) => event === undefined || line["event"] === event);
  try {
    await work(() => written().map(({ line }) => line));
    const meant = written();
    return {
      lines: meant.map(({ line }) => line),
      text: meant.map(({ text }) => text).join("\n"),
    };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
