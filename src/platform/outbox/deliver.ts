import type { Context } from "../context.ts";
import { failedTry } from "../jobs/wake.ts";
import { findOutboxRow, markDead, markDone, markFailed } from "./store.ts";
import { isTopic, type PayloadOf, TOPICS, type Topic } from "./topics.ts";

/** Telling failed in a way that no retry can help. */
export class Undeliverable extends Error {
  override readonly name = "Undeliverable";
}

/** Does what a topic promises. `id` is the row's: the idempotency key at whoever is told. */
export type Teller<C extends Context, T extends Topic> = (
  ctx: C,
  payload: PayloadOf<T>,
  id: string,
) => Promise<void>;

export type Tellers<C extends Context> = { readonly [T in Topic]: Teller<C, T> };

/** What a promise of this topic carries. Throws `Undeliverable` for what it cannot. */
export function payloadOf<T extends Topic>(topic: T, payload: string): PayloadOf<T> {
  const read = TOPICS[topic].safeParse(JSON.parse(payload));
  if (!read.success) throw new Undeliverable(`No ${topic} carries this: ${read.error.message}`);
  return read.data as PayloadOf<T>; // by the topic's own schema
}

function tell<C extends Context, T extends Topic>(
  ctx: C,
  tellers: Tellers<C>,
  { topic, payload, id }: { readonly topic: T; readonly payload: string; readonly id: string },
): Promise<void> {
  return tellers[topic](ctx, payloadOf(topic, payload), id);
}

/** Keeps one promise. Throws when it has to be tried again, after writing down why. */
export async function deliver<C extends Context>(
  ctx: C,
  input: { readonly id: string },
  tellers: Tellers<C>,
): Promise<void> {
  const [row] = await ctx.db.run(findOutboxRow(input.id));
  if (row === undefined || row.status !== "pending") return;
  ctx.log.set({ topic: row.topic, attempt: row.attempts + 1 });
  try {
    if (!isTopic(row.topic)) throw new Undeliverable(`Nobody tells ${row.topic}`);
    await tell(ctx, tellers, { ...row, topic: row.topic });
    await ctx.db.run(markDone(row.id, ctx.now()));
  } catch (error) {
    const { reason, wakeAt } = failedTry(ctx, error, row.attempts);
    if (error instanceof Undeliverable) {
      ctx.log.note("error", "undeliverable", error);
      await ctx.db.run(markDead(row.id, reason));
      return;
    }
    await ctx.db.run(markFailed(row.id, reason, wakeAt));
    throw error;
  }
}
