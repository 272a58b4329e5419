import { eq, sql } from "drizzle-orm";
import { query } from "../platform/db.ts";
import { csvJobs, importRows } from "./schema.ts";

export type JobRow = typeof csvJobs.$inferSelect;
export type JobPatch = Partial<
  Pick<
    JobRow,
    | "status"
    | "phase"
    | "state"
    | "done"
    | "total"
    | "created"
    | "updated"
    | "unchanged"
    | "errorCount"
    | "errors"
    | "finishedAt"
  >
>;

export function insertJob(row: JobRow) {
  return query.insert(csvJobs).values(row);
}

export function findJob(id: string) {
  return query.select().from(csvJobs).where(eq(csvJobs.id, id)).limit(1);
}

/** What it was asked for is needed no more once it is over, and may be somebody's name or address. */
const filterAfter = ({ phase }: JobPatch) => (phase === "over" ? { filter: "{}" } : {});

/** Moves a job on by a step. A trigger refuses it when the job is not where it was read. */
export function moveJob({ id, version }: Pick<JobRow, "id" | "version">, patch: JobPatch) {
  return query
    .update(csvJobs)
    .set({ ...patch, ...filterAfter(patch), version: version + 1 })
    .where(eq(csvJobs.id, id));
}

/** Ends a job that no retry could bring on, wherever it is. */
export function failJob(id: string, message: string, now: number) {
  const error = JSON.stringify([{ line: null, column: null, message }]);
  return query.run(sql`
    UPDATE csv_jobs SET status = 'failed', phase = 'over', filter = '{}', finished_at = ${now}, error_count = error_count + 1,
      errors = iif(errors = '[]', ${error}, errors), version = version + 1
    WHERE id = ${id} AND status IN ('queued', 'running')`);
}

/** Takes out lines of an import that is over; answers each. */
export function dropRows(jobId: string, limit: number) {
  return query.all<{ line: number }>(sql`
    DELETE FROM ${importRows} WHERE job_id = ${jobId} AND line IN (
      SELECT line FROM import_rows WHERE job_id = ${jobId} ORDER BY line LIMIT ${limit}) RETURNING line`);
}
