import type { CsvContext } from "../context.ts";
import type { ImportKind, LineError } from "../job.ts";
import type { Step } from "../step.ts";
import type { JobPatch, JobRow } from "../store.ts";
import { EFFECTS } from "./effects.ts";
import { findProblems, judgeRows } from "./store.ts";

/** Looks at the lines beside one another and beside the shop. A dry run ends here, with what would become of them. */
export async function checkRows(ctx: CsvContext, job: JobRow): Promise<Step> {
  const end = { phase: "cleaning", finishedAt: ctx.now() } as const;
  if (job.errorCount > 0) return { change: { ...end, status: "failed" } };
  const problems = await problemsOf(ctx, job);
  if (problems !== undefined) return { change: problems };
  if (job.dryRun === 0) return { change: { phase: "applying" } };
  const effect = EFFECTS[job.kind as ImportKind];
  return {
    change: { ...end, status: "succeeded" },
    statements: [
      judgeRows(job.id, { outcomes: effect.outcomes(job.id), problems: effect.problems(job.id) }),
    ],
    refused: () => problemsOf(ctx, job),
  };
}

/** What ends an import that would break something, with the lines; undefined where nothing is wrong. */
export async function problemsOf(ctx: CsvContext, job: JobRow): Promise<JobPatch | undefined> {
  const { problems } = EFFECTS[job.kind as ImportKind];
  const found = await ctx.db.run(findProblems(problems(job.id)));
  const [first] = found;
  if (first === undefined) return undefined;
  return failedBy(
    ctx,
    found.map(({ line, column, message }) => ({ line, column, message })),
    first.total,
  );
}

export function failedBy(
  ctx: CsvContext,
  errors: readonly LineError[],
  errorCount = errors.length,
): JobPatch {
  const end = { status: "failed", phase: "cleaning", finishedAt: ctx.now() } as const;
  return { ...end, errorCount, errors: JSON.stringify(errors) };
}
