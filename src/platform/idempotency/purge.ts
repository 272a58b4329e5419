import type { Context } from "../context.ts";
import { purgeKeys } from "./store.ts";

/** Rows in one statement: few enough for the database to go on serving. */
const PURGE_BATCH = 1000;
/** With a run every five minutes: 100 keys a second, which is what keeps coming in at twice the planned peak. */
const MAX_PURGE_BATCHES = 30;

/** Forgets the keys that are older than a day, until none is left or its bound is reached. May overlap with itself. */
export async function purgeIdempotencyKeys(ctx: Context): Promise<{ purged: number }> {
  let purged = 0;
  for (let batch = 0; batch < MAX_PURGE_BATCHES; batch += 1) {
    const gone = await ctx.db.run(purgeKeys(ctx.now(), PURGE_BATCH));
    purged += gone.length;
    if (gone.length < PURGE_BATCH) break;
  }
  return { purged };
}
