import type { Context } from "../platform/context.ts";
import { backoffMs } from "../platform/jobs/backoff.ts";
import { WAKE_GRACE_MS } from "./receive-event.ts";
import { dueEvents, postponeEvents } from "./store.ts";

const MAX_PER_RUN = 100;
const WORST_CASE_TRY = 10;

/** Wakes the queue for events that it has not heard of, or has lost. Safe to run twice at once: an event's effect happens once. */
export async function relayEvents(ctx: Context): Promise<{ woken: number }> {
  const rows = await ctx.db.run(dueEvents(ctx.now(), MAX_PER_RUN));
  if (rows.length === 0) return { woken: 0 };
  const next = ctx.now() + WAKE_GRACE_MS + backoffMs(WORST_CASE_TRY);
  await ctx.db.run(
    postponeEvents(
      rows.map(({ id }) => id),
      next,
    ),
  );
  for (const { id, requestId } of rows) ctx.wake({ type: "webhook", id, requestId });
  return { woken: rows.length };
}
