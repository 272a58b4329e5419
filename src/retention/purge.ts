import type { Statement } from "../platform/db.ts";
import { archiveEvents } from "./archive-events.ts";
import type { RetentionContext } from "./context.ts";
import { forgetEvents } from "./forget-events.ts";
import { forgetFiles } from "./forget-files.ts";
import { forgetImages } from "./forget-images.ts";
import type { Kind } from "./policy.ts";
import {
  purgeDeadLetters,
  purgeEmailTokens,
  purgeHolds,
  purgeIgnoredEvents,
  purgeOrders,
  purgeOutgoingEvents,
  purgeProcessedEvents,
  purgePromises,
  purgeSessions,
  purgeUnreadableMessages,
  setRetentionClock,
} from "./store.ts";

/** Rows in one statement, with all that goes with them: few enough for the database to go on serving. */
const ROWS_A_SLICE = 250;
/** With a run every five minutes: 16 a second of each kind, which is what keeps coming in at twice the planned peak. */
const SLICES_A_RUN = 20;

type Work = (ctx: RetentionContext) => Promise<number>;

const inSlices =
  (slice: (limit: number) => Statement<unknown[]>): Work =>
  async (ctx) => {
    let gone = 0;
    for (let slices = 0; slices < SLICES_A_RUN; slices += 1) {
      const rows = await ctx.db.run(slice(ROWS_A_SLICE));
      gone += rows.length;
      if (rows.length < ROWS_A_SLICE) break;
    }
    return gone;
  };

/** What is done for each line of the policy. Orders come before the events that are about them. */
const WORK: Readonly<Record<Kind, Work>> = {
  holds: inSlices(purgeHolds),
  orders: inSlices(purgeOrders),
  promises: inSlices(purgePromises),
  ignored_events: inSlices(purgeIgnoredEvents),
  unpaid_events: forgetEvents,
  event_payloads: archiveEvents,
  processed_events: inSlices(purgeProcessedEvents),
  sessions: inSlices(purgeSessions),
  email_tokens: inSlices(purgeEmailTokens),
  dead_letters: inSlices(purgeDeadLetters),
  unreadable_messages: inSlices(purgeUnreadableMessages),
  outgoing_events: inSlices(purgeOutgoingEvents),
  csv_jobs: forgetFiles,
  unused_images: forgetImages,
};

/**
 * Lets go of what is over, as `POLICY` says: bounded a run, and the next one goes on. The database judges each row by its
 * own clock, which a run sets. A line that fails is an error in the log and keeps none of the others. Answers how many of
 * each kind are gone.
 */
export async function purge(ctx: RetentionContext): Promise<Record<string, number>> {
  await ctx.db.run(setRetentionClock(ctx.now()));
  const counts: Record<string, number> = {};
  for (const [kind, work] of Object.entries(WORK)) {
    try {
      const gone = await work(ctx);
      if (gone > 0) counts[kind] = gone;
    } catch (error) {
      ctx.log.note("error", "not_purged", { kind, reason: String(error) });
      counts["failed"] = (counts["failed"] ?? 0) + 1;
    }
  }
  return counts;
}
