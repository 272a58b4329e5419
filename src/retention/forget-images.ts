import { HOUR_MS } from "../platform/clock.ts";
import type { RetentionContext } from "./context.ts";
import { dropImages, markImages } from "./store.ts";

/** As many as R2 deletes in one call. https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#r2bucket-methods */
const IMAGES_A_SLICE = 1000;
const SLICES_A_RUN = 5;
/** A run that is older is dead: Cloudflare ends a cron task after 15 minutes. */
const RUN_MS = HOUR_MS;

/**
 * Takes the bytes of pictures out of the bucket that no product has had for long, in slices, each so:
 *
 *     1. which                 marked in the database, from when on nobody can use them
 *     2. their bytes           out of the bucket
 *     3. their rows            one batch
 *
 * Dead after 1 or 2: after an hour another run marks them anew, and does all of it again. Two runs at once have other
 * pictures each.
 */
export async function forgetImages(ctx: RetentionContext): Promise<number> {
  let gone = 0;
  for (let slice = 0; slice < SLICES_A_RUN; slice += 1) {
    const now = ctx.now();
    const marked = await ctx.db.run(markImages({ now, dead: now - RUN_MS, limit: IMAGES_A_SLICE }));
    if (marked.length === 0) break;
    const keys = marked.map(({ key }) => key);
    await ctx.images.delete(keys);
    gone += (await ctx.db.run(dropImages(keys, now))).length;
    if (marked.length < IMAGES_A_SLICE) break;
  }
  return gone;
}
