import { MINUTE_MS } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { AppError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { type EventRow, insertEvent } from "./store.ts";

/** How long the queue has before the sweep takes an event for forgotten. */
export const WAKE_GRACE_MS = MINUTE_MS;

export interface ReceivedEvent {
  readonly provider: EventRow["provider"];
  readonly eventId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly payload: string;
}

/** Stores a verified event, once, and only then wakes the queue. Throws `UNAVAILABLE`, so that the provider sends again. */
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
