import type { Context } from "../platform/context.ts";
import type { Statement } from "../platform/db.ts";
import { backoffMs } from "../platform/jobs/backoff.ts";
import { WAKE_GRACE_MS } from "./receive-event.ts";
import { type EventRow, failEvent, findEvent, settleEvent } from "./store.ts";

const MAX_ERROR_CHARS = 500;

/** What a feature does with the events of a provider. `subject` is what `load` found for the event. */
export interface EventConsumer<C extends Context, Subject> {
  /** Read in the same round trip as the event. */
  readonly load: (eventRowId: string) => Statement<Subject>;
  /** Has the effect and runs `settle` in one batch. Answers false for an event that is not for us. */
  readonly handle: (
    ctx: C,
    event: EventRow,
    subject: Subject,
    settle: Statement,
  ) => Promise<boolean>;
}

/** Gives a stored event its effect, once. Throws when it has to be tried again, after writing down why. */
export async function processEvent<C extends Context, Subject>(
  ctx: C,
  input: { readonly id: string },
  consumer: EventConsumer<C, Subject>,
): Promise<void> {
  const [[event], subject] = await ctx.db.batch([findEvent(input.id), consumer.load(input.id)]);
  if (event === undefined || event.status === "processed" || event.status === "ignored") return;
  ctx.log.set({ webhook: event.type, eventId: event.eventId, attempt: event.attempts + 1 });
  try {
    const done = await consumer.handle(
      ctx,
      event,
      subject,
      settleEvent(event.id, "processed", ctx.now()),
    );
    if (!done) await ctx.db.run(settleEvent(event.id, "ignored", ctx.now()));
  } catch (error) {
    const reason = String(error).slice(0, MAX_ERROR_CHARS);
    const wakeAt = ctx.now() + backoffMs(event.attempts + 1) + WAKE_GRACE_MS;
    await ctx.db.run(failEvent(event.id, reason, wakeAt));
    throw error;
  }
}
