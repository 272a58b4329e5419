import { env } from "cloudflare:workers";
import { type LoggedRequest, stripe } from "./stripe.ts";

interface Fault {
  readonly when: "before" | "after";
  /** The first batch with a statement like this is the one that fails. */
  readonly about: RegExp;
}

/** Remembers the text of each statement, so that a batch can be told by what is in it. */
function readable(about: RegExp, over: D1Database = env.DB) {
  const texts = new WeakMap<D1PreparedStatement, string>();
  const prepare = (sql: string) => ({
    bind: (...params: unknown[]) => {
      const bound = over.prepare(sql).bind(...params);
      texts.set(bound, sql);
      return bound;
    },
  });
  const isAbout = (bound: readonly D1PreparedStatement[]) =>
    bound.some((one) => about.test(texts.get(one) ?? ""));
  return { prepare, isAbout };
}

/** The test's database, whose answer to one batch is an error: `before` it is done, or `after`. */
export function databaseFailingOnce({ when, about }: Fault): {
  database: object;
  failed: () => boolean;
} {
  let failed = false;
  const { prepare, isAbout } = readable(about);
  const database = {
    prepare,
    batch: async (bound: D1PreparedStatement[]) => {
      const hit = !failed && isAbout(bound);
      failed ||= hit;
      if (hit && when === "before") throw new Error("D1_ERROR: Network connection lost.");
      const results = await env.DB.batch(bound);
      if (hit) throw new Error("D1_ERROR: Network connection lost.");
      return results;
    },
  };
  return { database, failed: () => failed };
}

/** The test's database, or another, in which something happens right before the first batch with a statement like this. */
export function databaseInterrupted(
  about: RegExp,
  happens: () => Promise<unknown>,
  over: D1Database = env.DB,
): object {
  let done = false;
  const { prepare, isAbout } = readable(about, over);
  return {
    prepare,
    batch: async (bound: D1PreparedStatement[]) => {
      if (!done && isAbout(bound)) {
        done = true;
        await happens();
      }
      return over.batch(bound);
    },
  };
}

/** The queue as it is when it takes nothing. */
export const deadQueue: Queue = {
  send: () => Promise.reject(new Error("Queue send failed: the queue is down")),
  sendBatch: () => Promise.reject(new Error("Queue send failed: the queue is down")),
  metrics: () => env.JOBS.metrics(),
};

/** What the shop has asked of Stripe that matches, as `METHOD path`. */
export async function askedOfStripe(matching: RegExp): Promise<string[]> {
  const describe = ({ method, path }: LoggedRequest) => `${method} ${path}`;
  return (await stripe.requests()).map(describe).filter((line) => matching.test(line));
}
