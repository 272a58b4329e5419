import type { Context } from "../platform/context.ts";
import type { Statement } from "../platform/db.ts";
import { failedTry } from "../platform/jobs/wake.ts";
import { type EventRow, failEvent, findEvent, settleEvent } from "./store.ts";

/** What a feature does with the events of a provider. */
export interface EventConsumer<C extends Context, Loaded = unknown> {
  /** What is read in the same round trip as the event. */
  readonly load?: (eventRowId: string) => Statement<Loaded>;
  /** Has the effect and runs `settle` in one batch. Answers false for an event that is not for us. */
  handle(ctx: C, event: EventRow, loaded: Loaded, settle: Statement): Promise<boolean>;
}

export type EventConsumers<C extends Context> = Readonly<
  Record<EventRow["provider"], EventConsumer<C>>
>;

/** For a provider that has nothing to tell. */
export const ignored: EventConsumer<Context> = { handle: async () => false };

/** Gives a stored event its effect, once. Throws when it has to be tried again, after writing down why. */
export async function processEvent<C extends Context>(
  ctx: C,
  input: { readonly id: string },
  consumers: EventConsumers<C>,
): Promise<void> {
  const loading = Object.values(consumers).flatMap((one) =>
    one.load === undefined ? [] : [{ consumer: one, statement: one.load(input.id) }],
  );
  const [[event], ...loaded] = await ctx.db.batch([
    findEvent(input.id),
    ...loading.map(({ statement }) => statement),
  ]);
  if (event === undefined || event.status === "processed" || event.status === "ignored") return;
  ctx.log.set({ webhook: event.type, eventId: event.eventId, attempt: event.attempts + 1 });
  const consumer = consumers[event.provider];
  const own = loaded[loading.findIndex((one) => one.consumer === consumer)];
  try {
    const settle = settleEvent(event.id, "processed", ctx.now());
    const done = await consumer.handle(ctx, event, own, settle);
    if (!done) await ctx.db.run(settleEvent(event.id, "ignored", ctx.now()));
  } catch (error) {
    const { reason, wakeAt } = failedTry(ctx, error, event.attempts);
    await ctx.db.run(failEvent(event.id, reason, wakeAt));
    throw error;
  }
}
