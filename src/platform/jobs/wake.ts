import { MINUTE_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import type { Statement } from "../db.ts";
import { backoffMs } from "./backoff.ts";
import type { Job } from "./messages.ts";

/** How long the queue has before the sweep takes a row for forgotten. */
export const WAKE_GRACE_MS = MINUTE_MS;
const MAX_PER_RUN = 100;
const WORST_CASE_TRY = 10;
const MAX_ERROR_CHARS = 500;

/** Rows that the queue is woken for. */
interface Sleepers {
  readonly type: Job["type"];
  /** Those that nobody woke in time, oldest first. */
  readonly due: (
    now: number,
    limit: number,
  ) => Statement<{ id: string; requestId: string | null }[]>;
  /** Takes those that are still due at `now` off the next sweep's hands until `wakeAt`, and says which these are: no other sweep wakes them. */
  readonly postpone: (
    ids: readonly string[],
    wakeAt: number,
    now: number,
  ) => Statement<{ id: string }[]>;
}

/** Wakes the queue for what it has not heard of, or has lost. Safe to run twice at once: each effect happens once. */
export async function wakeDue(
  ctx: Context,
  { type, due, postpone }: Sleepers,
): Promise<{ woken: number }> {
  const now = ctx.now();
  const rows = await ctx.db.run(due(now, MAX_PER_RUN));
  if (rows.length === 0) return { woken: 0 };
  const ids = rows.map(({ id }) => id);
  const until = now + WAKE_GRACE_MS + backoffMs(WORST_CASE_TRY);
  const taken = new Set((await ctx.db.run(postpone(ids, until, now))).map(({ id }) => id));
  for (const { id, requestId } of rows) if (taken.has(id)) ctx.wake({ type, id, requestId });
  return { woken: taken.size };
}

/** What is written down of a try that has failed: why, and from when on the sweep may wake it, in milliseconds. */
export function failedTry(
  ctx: Context,
  error: unknown,
  attempts: number,
): { readonly reason: string; readonly wakeAt: number } {
  const reason = String(error).slice(0, MAX_ERROR_CHARS);
  return { reason, wakeAt: ctx.now() + backoffMs(attempts + 1) + WAKE_GRACE_MS };
}
