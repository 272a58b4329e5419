import type { Context } from "../platform/context.ts";
import type { Statement } from "../platform/db.ts";
import { failedTry } from "../platform/jobs/wake.ts";
import { type Notice, tellOperators } from "../platform/outbox/operators.ts";
import { wakePromises } from "../platform/outbox/store.ts";
import { type EventRow, failEvent, findEvent, settleEvent } from "./store.ts";

/** What is known of an event that cannot have its effect now, beyond the words for the log. */
interface HeldUp {
  /** What has to be here first: an order's id, or the name of a provider that did not answer. It is revived once it is. */
  readonly lacks?: string;
  /** For the operators, promised in the batch that writes the failure down. */
  readonly notice?: Notice;
}

/** An event cannot have its effect now. It is tried again, and dead after the last try. */
export class EventHeldUp extends Error {
  override readonly name = "EventHeldUp";
  readonly how: HeldUp;
  constructor(message: string, how: HeldUp) {
    super(message);
    this.how = how;
  }
}

/** What a feature does with the events of a provider. */
export interface EventConsumer<C extends Context, Loaded = unknown> {
  /** What is read in the same round trip as the event. */
  readonly load?: (eventRowId: string) => Statement<Loaded>;
  /** Whether a failure is only that the provider does not answer. */
  readonly isAway?: (error: unknown) => boolean;
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
    const away = consumer.isAway?.(error) === true;
    await writeDown(ctx, event, error, away ? { lacks: event.provider } : {});
    throw error;
  }
}

async function writeDown(
  ctx: Context,
  event: EventRow,
  error: unknown,
  usual: HeldUp,
): Promise<void> {
  const { reason, wakeAt } = failedTry(ctx, error, event.attempts);
  const { lacks = null, notice } = error instanceof EventHeldUp ? error.how : usual;
  const failed = failEvent(event.id, { reason, wakeAt, lacks });
  const told = notice === undefined ? undefined : tellOperators(ctx, notice);
  await ctx.db.batch(told === undefined ? [failed] : [failed, told.statement]);
  if (told !== undefined) wakePromises(ctx, [told.id]);
}
