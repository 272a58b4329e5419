import type { Statement } from "../platform/db.ts";
import type { CsvContext } from "./context.ts";
import type { JobPatch, JobRow } from "./store.ts";

/** How much is done at once. */
export interface Limits {
  /** Steps a message. */
  readonly steps: number;
  /** What an export reads a step: orders, products or levels. */
  readonly exported: number;
  /** Of what an import reads a step. A line is no longer than that. */
  readonly bytes: number;
}

/** What a step makes of a job, in one batch. */
export interface Step {
  readonly change: JobPatch;
  readonly statements?: readonly Statement[];
  /** Promises among the statements, of which the queue hears. */
  readonly promised?: readonly string[];
  /** What becomes of the job where the database refuses the batch; undefined for what is nobody's mistake. */
  readonly refused?: (error: unknown) => Promise<JobPatch | undefined>;
}

export type TakeStep = (ctx: CsvContext, job: JobRow, limits: Limits) => Promise<Step>;
