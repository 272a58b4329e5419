import { audit } from "../platform/audit-log/store.ts";
import { refusedBy } from "../platform/db.ts";
import type { Teller } from "../platform/outbox/deliver.ts";
import { promise, wakePromises } from "../platform/outbox/store.ts";
import { SCOPES } from "../platform/roles.ts";
import type { CsvContext } from "./context.ts";
import { writePart } from "./exports/write-part.ts";
import { applyRows } from "./imports/apply-rows.ts";
import { checkRows } from "./imports/check-rows.ts";
import { cleanUp } from "./imports/clean-up.ts";
import { indexRows } from "./imports/index-rows.ts";
import { readPart } from "./imports/read-part.ts";
import type { Limits, Step, TakeStep } from "./step.ts";
import { failJob, findJob, type JobRow, moveJob } from "./store.ts";

/** A message takes some seconds, and a part of it some MiB: the Worker has 128 for all messages of a batch. */
const LIMITS: Limits = { steps: 20, exported: 500, bytes: 512 * 1024 };

const STEPS: Readonly<Record<Exclude<JobRow["phase"], "over">, TakeStep>> = {
  writing: writePart,
  reading: readPart,
  checking: checkRows,
  applying: applyRows,
  indexing: indexRows,
  cleaning: cleanUp,
};

/**
 * Brings a job on by some steps, each of which is one batch that moves it from where it was read:
 *
 *     n. what a step does            one batch, with the job's version as the lock
 *     last. the same                 with a promise to go on, when there is more to do
 *
 * Dead in between: the message comes again and goes on where the job is. Two messages at once: one of them loses its step
 * and throws, to look again later.
 */
export function jobRunner(limits: Limits = LIMITS): Teller<CsvContext, "csv.run"> {
  return async (ctx, { jobId }) => {
    let [job] = await ctx.db.run(findJob(jobId));
    for (let left = limits.steps; job !== undefined && left > 0; left -= 1) {
      const { phase } = job;
      if (phase === "over") return;
      const step = await STEPS[phase](asMaker(ctx, job), job, limits);
      job = await commit(ctx, job, step, left === 1);
    }
  };
}

/** Whoever has asked for it does it, as far as the history says and the lists show. */
function asMaker(ctx: CsvContext, { actor, address }: JobRow): CsvContext {
  return { ...ctx, actor: { kind: "system", label: actor, address, scopes: SCOPES } };
}

async function commit(
  ctx: CsvContext,
  job: JobRow,
  { change, statements = [], promised = [], refused }: Step,
  isLast: boolean,
): Promise<JobRow> {
  const started = job.status === "queued" ? { status: "running" as const } : {};
  const patch = { ...started, ...change };
  const after = { ...job, ...patch, version: job.version + 1 };
  const next =
    isLast && after.phase !== "over"
      ? [
          promise(ctx, {
            topic: "csv.run",
            payload: { jobId: job.id },
            dedupeKey: `csv:${job.id}:${after.version}`,
          }),
        ]
      : [];
  try {
    await ctx.db.batch([
      moveJob(job, patch),
      ...statements,
      ...next.map(({ statement }) => statement),
    ]);
  } catch (error) {
    if (refusedBy(error, "csv_job_moved"))
      throw new Error("Another message is at work on this job.", { cause: error });
    const other = await refused?.(error);
    if (other === undefined) throw error;
    return commit(ctx, job, { change: other }, isLast);
  }
  wakePromises(ctx, [...promised, ...next.map(({ id }) => id)]);
  return after;
}

/** A job that no retry could bring on has failed, and says so; one that has succeeded but for what comes behind it has not. */
export async function reportStuckJob(
  ctx: CsvContext,
  { jobId }: { readonly jobId: string },
): Promise<void> {
  const [job] = await ctx.db.run(findJob(jobId));
  if (job?.status !== "queued" && job?.status !== "running") return; // for good
  const message = "Something went wrong on our side, again and again. Nothing was imported by it.";
  await ctx.db.batch([
    failJob(jobId, message, ctx.now()),
    audit(ctx, "csv_job.given_up", jobId, {}),
  ]);
}
