import type { Context } from "../platform/context.ts";
import { AppError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { WAKE_GRACE_MS } from "../platform/jobs/wake.ts";
import { type EventRow, insertEvent } from "./store.ts";

export interface ReceivedEvent {
  readonly provider: EventRow["provider"];
  readonly eventId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly payload: string;
}

/**
 * Takes a verified event in:
 *
 *     1. the event, once           one batch, and then the 200
 *     2. the queue is woken        after the answer
 *     3. its effect and its mark   one batch of its consumer
 *
 * Dead before 1: the provider sends it again. Dead after 1: the sweep wakes it. Dead in 3: neither is there, and the
 * queue brings it again. Throws `UNAVAILABLE`, so that the provider sends it again.
 */
export async function receiveEvent(ctx: Context, event: ReceivedEvent): Promise<void> {
  const stored = await storeEvents(ctx, [event]).catch((cause: unknown) => {
    throw new AppError("UNAVAILABLE", "The event could not be stored. Please send it again.", {
      headers: { "Retry-After": "5" },
      cause,
    });
  });
  ctx.log.set({ webhook: event.type, eventId: event.eventId, duplicate: stored === 0 });
}

/** Stores each event that is not in the inbox yet, in this order, and then wakes the queue for it. Answers how many those are. */
export async function storeEvents(ctx: Context, events: readonly ReceivedEvent[]): Promise<number> {
  if (events.length === 0) return 0;
  const now = ctx.now();
  const inserts = events.map((event) =>
    insertEvent({
      ...event,
      id: newId("whe", now),
      requestId: ctx.requestId,
      receivedAt: now,
      wakeAt: now + WAKE_GRACE_MS,
    }),
  );
  const stored = (await ctx.db.batch(inserts)).flat();
  for (const { id } of stored) ctx.wake({ type: "webhook", id });
  return stored.length;
}
