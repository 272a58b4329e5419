import { audit } from "../../platform/audit-log/store.ts";
import { promisePurged } from "../../platform/memory/purge.ts";
import type { CsvContext } from "../context.ts";
import type { ImportKind } from "../job.ts";
import type { Step } from "../step.ts";
import type { JobPatch, JobRow } from "../store.ts";
import { failedBy, problemsOf } from "./check-rows.ts";
import { EFFECTS } from "./effects.ts";
import { countsJson, judgeRows } from "./store.ts";

/**
 * Applies all lines in one batch, or none: the database judges them once more at its beginning, and its own guards judge
 * what they make of the shop.
 */
export async function applyRows(ctx: CsvContext, job: JobRow): Promise<Step> {
  const { outcomes, problems, statements, action, explain, next } = EFFECTS[job.kind as ImportKind];
  const now = ctx.now();
  const promised = next === "indexing" ? promisePurged(ctx, "catalog") : [];
  ctx.soldOut.clear();
  return {
    change: { status: "succeeded", phase: next, state: "{}", finishedAt: now },
    statements: [
      judgeRows(job.id, { outcomes: outcomes(job.id), problems: problems(job.id) }),
      ...statements(job, now),
      audit(ctx, action, job.id, countsJson(job.id)),
      ...promised.map(({ statement }) => statement),
    ],
    promised: promised.map(({ id }) => id),
    refused: async (error): Promise<JobPatch | undefined> => {
      const found = await problemsOf(ctx, job);
      const message = explain(error);
      if (found !== undefined || message === undefined) return found;
      return failedBy(ctx, [{ line: null, column: null, message }]);
    },
  };
}
