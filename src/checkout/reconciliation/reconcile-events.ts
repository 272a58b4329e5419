import type { ListedEvent } from "../../payments/index.ts";
import { MINUTE_MS, toTimestamp } from "../../platform/clock.ts";
import { callOperators } from "../../platform/outbox/operators.ts";
import { findKnownEvents, storeEvents } from "../../webhooks/index.ts";
import type { CheckoutContext } from "../context.ts";
import { noticeOfForgottenEvents } from "../strange-money.ts";
import { saveProgress } from "./reconcile-progress.ts";
import { type Run, readOn } from "./reconcile-run.ts";

/** What is younger may have its webhook still on the way. */
const WEBHOOK_MS = MINUTE_MS;
/** What is younger is read again: an event may turn up in the list late, and clocks differ. */
const OVERLAP_MS = 10 * MINUTE_MS;

/** Puts every event of the provider's list that no webhook has brought into the inbox. */
export async function reconcileEvents(ctx: CheckoutContext, run: Run): Promise<void> {
  await leaveForgotten(ctx, run);
  await readOn(ctx, run, {
    cursor: "events",
    lag: WEBHOOK_MS,
    overlap: OVERLAP_MS,
    read: (window) => ctx.payments.listEvents(window),
    handle: async (events) => {
      run.counts.events += events.length;
      run.counts.missing += await storeMissing(ctx, events);
    },
  });
}

async function storeMissing(ctx: CheckoutContext, events: readonly ListedEvent[]): Promise<number> {
  if (events.length === 0) return 0;
  const { provider } = ctx.payments;
  const ids = events.map(({ eventId }) => eventId);
  const known = new Set(
    (await ctx.db.run(findKnownEvents(provider, ids))).map(({ eventId }) => eventId),
  );
  const missing = events
    .filter(({ eventId }) => !known.has(eventId))
    .map((event) => ({ ...event, provider }));
  return storeEvents(ctx, missing.reverse());
}

/** After an outage of a month, what came first is gone for good: a person has to hear of it. */
async function leaveForgotten(ctx: CheckoutContext, run: Run): Promise<void> {
  const { readUntil } = run.progress.events;
  const remembered = run.startedAt - ctx.payments.eventsKeptMs;
  if (readUntil >= remembered) return;
  ctx.log.note("error", "events_forgotten_by_stripe", {
    from: toTimestamp(readUntil),
    to: toTimestamp(remembered),
  });
  await callOperators(ctx, noticeOfForgottenEvents(ctx, readUntil, remembered));
  const events = { readUntil: remembered, window: null };
  run.progress = await saveProgress(ctx, run.progress, { events });
}
