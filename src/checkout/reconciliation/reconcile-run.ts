import { type HistoryPage, type HistoryWindow, PaymentRefused } from "../../payments/index.ts";
import { MINUTE_MS } from "../../platform/clock.ts";
import { callOperators } from "../../platform/outbox/operators.ts";
import type { CheckoutContext } from "../context.ts";
import { noticeOfUnreadable } from "../strange-money.ts";
import type { Restore } from "./open-shop.ts";
import { afterPage, nextWindow, type Saved, saveProgress } from "./reconcile-progress.ts";

/** What one run may cost; the next one goes on where it stopped. */
export interface Bounds {
  /** Calls for pages of 100, for each of the two lists. */
  readonly pages: number;
  /** Events put into the inbox; the page that passes it is still finished. */
  readonly found: number;
  /** Orders read at Stripe because their bank is slow. */
  readonly banks: number;
  /** Milliseconds after which no more is begun. */
  readonly time: number;
}

export const BOUNDS: Bounds = { pages: 20, found: 500, banks: 20, time: MINUTE_MS };

/** One run of the reconciliation under way. */
export interface Run {
  readonly bounds: Bounds;
  readonly startedAt: number;
  readonly counts: Record<
    | "events"
    | "missing"
    | "sessions"
    | "repaired"
    | "restored"
    | "orphans"
    | "banks"
    | "unreadable"
    | "revived"
    | "failed"
    | "overtaken",
    number
  >;
  /** Where the database was put back to an earlier moment and the shop is not open yet. */
  readonly restore: Restore | undefined;
  /** The lists that this run has read up to now. */
  readonly readToEnd: Set<"events" | "sessions">;
  progress: Saved;
}

function isSpent(ctx: CheckoutContext, { bounds, counts, startedAt }: Run): boolean {
  const found = counts.missing + counts.repaired;
  return found >= bounds.found || ctx.now() - startedAt > bounds.time;
}

/** By no more than this is the provider's clock ahead of ours. */
const CLOCKS_DIFFER_MS = 10 * MINUTE_MS;

interface List<Item> {
  readonly cursor: "events" | "sessions";
  /** Milliseconds: what is younger than that is not looked at. */
  readonly lag: number;
  /** Milliseconds: what is younger than that is looked at again. */
  readonly overlap: number;
  readonly read: (window: HistoryWindow) => Promise<HistoryPage<Item>>;
  /** Puts what is missing on disk. Doing it twice is harmless. */
  readonly handle: (items: readonly Item[]) => Promise<void>;
}

/**
 * Reads a list on from its cursor, the oldest window first, and each window to its end, until its end or a bound. What
 * is yet to come at Stripe has not been read, whatever our clock says.
 */
export async function readOn<Item>(
  ctx: CheckoutContext,
  run: Run,
  { cursor, lag: usual, overlap, read, handle }: List<Item>,
): Promise<void> {
  // After a restore, what is young is lost as well: nobody looks after it. And what the provider's clock calls later.
  const lag = run.restore === undefined ? usual : -CLOCKS_DIFFER_MS;
  const done = () => void run.readToEnd.add(cursor);
  for (let pages = 0; pages < run.bounds.pages && !isSpent(ctx, run); pages += 1) {
    const window = nextWindow(run.progress[cursor], run.startedAt - lag);
    if (window === undefined) return done();
    const page = await readAgain(window, read);
    await handle(page.items);
    await reportUnreadable(ctx, run, page.unreadable);
    const now = Math.min(run.startedAt, page.answeredAt ?? run.startedAt);
    const change = { [cursor]: afterPage(window, page.next, now - overlap) };
    run.progress = await saveProgress(ctx, run.progress, change);
    if (page.next === null && window.to >= now - lag) return done();
  }
}

async function reportUnreadable(
  ctx: CheckoutContext,
  run: Run,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  run.counts.unreadable += ids.length;
  ctx.log.note("error", "not_readable", ids);
  await callOperators(ctx, noticeOfUnreadable(ctx, ids));
}

/** Stripe refuses to go on from something that it has forgotten meanwhile; then the window is begun again. */
async function readAgain<Item>(
  window: HistoryWindow,
  read: (window: HistoryWindow) => Promise<HistoryPage<Item>>,
): Promise<HistoryPage<Item>> {
  if (window.after === null) return read(window);
  try {
    return await read(window);
  } catch (error) {
    if (error instanceof PaymentRefused) return read({ ...window, after: null });
    throw error;
  }
}
