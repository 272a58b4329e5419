import * as z from "zod";
import type { Context } from "../context.ts";
import { backoffMs } from "../jobs/backoff.ts";
import { findOutboxRow, markDead, markDone, markFailed, WAKE_GRACE_MS } from "./store.ts";

const MAX_ERROR_CHARS = 500;
const payloadSchema = z.record(z.string(), z.string());

/** Telling failed in a way that no retry can help. */
export class Undeliverable extends Error {
  override readonly name = "Undeliverable";
}

/** Does what a topic promises. `id` is the row's: the idempotency key at whoever is told. */
export type Teller<C extends Context> = (
  ctx: C,
  payload: Record<string, string>,
  id: string,
) => Promise<void>;

export function payloadOf(row: { readonly payload: string }): Record<string, string> {
  return payloadSchema.parse(JSON.parse(row.payload));
}

/** Keeps one promise. Throws when it has to be tried again, after writing down why. */
export async function deliver<C extends Context>(
  ctx: C,
  input: { readonly id: string },
  tellers: Readonly<Record<string, Teller<C>>>,
): Promise<void> {
  const [row] = await ctx.db.run(findOutboxRow(input.id));
  if (row === undefined || row.status !== "pending") return;
  ctx.log.set({ topic: row.topic, attempt: row.attempts + 1 });
  try {
    const tell = tellers[row.topic];
    if (tell === undefined) throw new Undeliverable(`Nobody tells ${row.topic}`);
    await tell(ctx, payloadOf(row), row.id);
    await ctx.db.run(markDone(row.id, ctx.now()));
  } catch (error) {
    const reason = String(error).slice(0, MAX_ERROR_CHARS);
    if (error instanceof Undeliverable) {
      ctx.log.note("error", "undeliverable", error);
      await ctx.db.run(markDead(row.id, reason));
      return;
    }
    const wakeAt = ctx.now() + backoffMs(row.attempts + 1) + WAKE_GRACE_MS;
    await ctx.db.run(markFailed(row.id, reason, wakeAt));
    throw error;
  }
}
