import { PaymentRefused, PaymentUnavailable } from "../../payments/index.ts";
import { reviveEvents } from "../../webhooks/index.ts";
import type { CheckoutContext } from "../context.ts";
import { orderIsHere } from "../store.ts";
import { findRestore, openShop } from "./open-shop.ts";
import { reconcileBanks } from "./reconcile-banks.ts";
import { reconcileEvents } from "./reconcile-events.ts";
import { reconcileSessions } from "./reconcile-orders.ts";
import { minutesBehind, Overtaken, readProgress, saveProgress } from "./reconcile-progress.ts";
import { BOUNDS, type Bounds, type Run } from "./reconcile-run.ts";

/**
 * Asks Stripe for what its webhooks did not bring: events, payment pages that were paid, and what banks have decided.
 * What is missing goes into the inbox, where the one consumer gives it its effect. Bounded a run; goes on where the last
 * one stopped, whatever stopped it, and may overlap with itself. After a restore, the shop is opened once all of it has
 * been read. Answers what it has read and found.
 */
export async function reconcileStripe(
  ctx: CheckoutContext,
  bounds: Bounds = BOUNDS,
): Promise<Run["counts"] & { minutesBehind: number }> {
  const startedAt = ctx.now();
  const found = {
    events: 0,
    missing: 0,
    sessions: 0,
    repaired: 0,
    restored: 0,
    orphans: 0,
    banks: 0,
    unreadable: 0,
    revived: 0,
  };
  const counts = { ...found, failed: 0, overtaken: 0 };
  const progress = await readProgress(ctx);
  const restore = await findRestore(ctx, progress);
  const run: Run = { bounds, startedAt, counts, restore, readToEnd: new Set(), progress };
  for (const read of [reconcileEvents, reconcileSessions, reconcileBanks]) {
    if (counts.overtaken === 0) await softly(ctx, run, () => read(ctx, run));
  }
  if (restore !== undefined && run.readToEnd.has("events") && run.readToEnd.has("sessions"))
    await openShop(ctx, restore);
  await softly(ctx, run, () => revive(ctx, run));
  const { missing, repaired, restored, revived } = counts;
  if (missing + repaired + restored + revived > 0) ctx.log.raise("warn");
  return { ...counts, minutesBehind: minutesBehind(run.progress, ctx.now()) };
}

/** Events that died because Stripe did not answer, or because their order was not here. */
async function revive(ctx: CheckoutContext, run: Run): Promise<void> {
  const { counts, progress } = run;
  const { revived, next } = await reviveEvents(ctx, {
    provider: counts.failed === 0 ? ctx.payments.provider : null,
    arrived: orderIsHere,
    after: progress.lacking,
  });
  counts.revived = revived;
  if (next !== progress.lacking)
    run.progress = await saveProgress(ctx, progress, { lacking: next });
}

/** What Stripe does not answer now, it will answer the next run; the cursor is where it was. */
async function softly(
  ctx: CheckoutContext,
  { counts }: Run,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Overtaken) {
      counts.overtaken = 1;
    } else if (error instanceof PaymentRefused || error instanceof PaymentUnavailable) {
      counts.failed += 1;
      ctx.log.note("warn", "stripe_not_read", error);
    } else throw error;
  }
}
