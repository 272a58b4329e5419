import type { CsvContext } from "../context.ts";
import type { Step } from "../step.ts";
import { dropRows, type JobRow } from "../store.ts";

const ROWS_A_STEP = 10_000;

/** Takes away what an import that is over has left: its lines, and the file that was sent. */
export async function cleanUp(ctx: CsvContext, job: JobRow): Promise<Step> {
  const gone = await ctx.db.run(dropRows(job.id, ROWS_A_STEP));
  if (gone.length === ROWS_A_STEP) return { change: {} };
  if (job.upload !== null) await ctx.files.delete(job.upload);
  return { change: { phase: "over" } };
}
