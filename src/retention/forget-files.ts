import { timeOfId } from "../platform/ids.ts";
import type { RetentionContext } from "./context.ts";
import { findUntil, purgeCsvJobs } from "./store.ts";

const JOBS_A_SLICE = 5;
/** As many as R2 lists and deletes in one call. https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#r2bucket-methods */
const FILES_A_RUN = 1000;

/**
 * Lets go of exports and imports: of the files first, by the time that is in their names, so that none is left over whose job
 * nobody knows any more.
 */
export async function forgetFiles(ctx: RetentionContext): Promise<number> {
  const [due] = await ctx.db.run(findUntil("csv_jobs"));
  const { objects } = await ctx.files.list({ limit: FILES_A_RUN, prefix: "job_" });
  const old = objects
    .map(({ key }) => key)
    .filter((key) => (timeOfId("job", key.split("/")[0] ?? "") ?? 0) <= (due?.until ?? 0));
  if (old.length > 0) await ctx.files.delete(old);
  return (await ctx.db.run(purgeCsvJobs(JOBS_A_SLICE))).length;
}
