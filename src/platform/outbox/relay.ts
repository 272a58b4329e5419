import type { Context } from "../context.ts";
import { backoffMs } from "../jobs/backoff.ts";
import { dueRows, postpone, WAKE_GRACE_MS } from "./store.ts";

const MAX_PER_RUN = 100;
const WORST_CASE_TRY = 10;

/** Wakes the queue for promises that it has not heard of, or has lost. */
export async function relayOutbox(ctx: Context): Promise<{ woken: number }> {
  const rows = await ctx.db.run(dueRows(ctx.now(), MAX_PER_RUN));
  if (rows.length === 0) return { woken: 0 };
  const next = ctx.now() + WAKE_GRACE_MS + backoffMs(WORST_CASE_TRY);
  await ctx.db.run(
    postpone(
      rows.map(({ id }) => id),
      next,
    ),
  );
  for (const { id, requestId } of rows) ctx.wake({ type: "outbox", id, requestId });
  return { woken: rows.length };
}
