import type { Context } from "../platform/context.ts";
import { readProgress, type Saved, saveWith } from "./progress.ts";
import { oldEvents, purgeEventsOfNobody } from "./store.ts";

const EVENTS_A_SLICE = 500;
const SLICES_A_RUN = 10;

/** Forgets events whose order is gone, walking once past each event that was processed. */
export async function forgetEvents(ctx: Context): Promise<number> {
  let forgotten = 0;
  let progress: Saved = await readProgress(ctx);
  for (let slice = 0; slice < SLICES_A_RUN; slice += 1) {
    const events = await ctx.db.run(oldEvents(progress.unpaid, EVENTS_A_SLICE));
    const last = events.at(-1);
    if (last === undefined) return forgotten;
    const { saved, gone } = await saveWith(ctx, progress, {
      change: { unpaid: { at: last.at, id: last.id } },
      statements: [purgeEventsOfNobody(events.map(({ id }) => id))],
    });
    forgotten += gone;
    if (saved === undefined) return forgotten; // another run has got further
    progress = saved;
  }
  return forgotten;
}
