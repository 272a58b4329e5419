import { type SQL, sql } from "drizzle-orm";
import { query, type Statement } from "../../platform/db.ts";
import { SHOWN_ERRORS } from "../job.ts";
import type { StagedRow } from "./judged.ts";

/** Of the shortest lines so many are about a MiB as one parameter; D1 takes two. */
const ROWS_A_STATEMENT = 1500;

/** Keeps lines until all of them are applied. */
export function insertRows(jobId: string, rows: readonly StagedRow[]): Statement[] {
  const statements: Statement[] = [];
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const some = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT));
    statements.push(
      query.run(sql`
        INSERT INTO import_rows (job_id, line, slug, sku, data)
        SELECT ${jobId}, value ->> 'line', value ->> 'slug', value ->> 'sku', value -> 'data' FROM json_each(${some})`),
    );
  }
  return statements;
}

/** The first problems of an import, by line, each with how many there are: of SQL that selects `line`, `column_name`, `message`. */
export function findProblems(problems: SQL) {
  return query.all<{ line: number; column: string; message: string; total: number }>(sql`
    SELECT line, column_name AS "column", message, count(*) OVER () AS total FROM (${problems})
    ORDER BY line LIMIT ${SHOWN_ERRORS}`);
}

/**
 * Counts what will become of the lines, `outcomes` being SQL that selects an `outcome` for each, and lets the database judge
 * that nothing is wrong with any, at the moment at which they are applied.
 */
export function judgeRows(
  jobId: string,
  { outcomes, problems }: { readonly outcomes: SQL; readonly problems: SQL },
) {
  return query.run(sql`
    UPDATE csv_jobs SET problems = (SELECT count(*) FROM (${problems})), (created, updated, unchanged) = (
      SELECT coalesce(sum(outcome = 'created'), 0), coalesce(sum(outcome = 'updated'), 0), coalesce(sum(outcome = 'unchanged'), 0)
      FROM (${outcomes}))
    WHERE id = ${jobId}`);
}

/** The counts of a job as its line of the audit log has them. */
export function countsJson(jobId: string): SQL<string> {
  return sql`(SELECT json_object('created', created, 'updated', updated, 'unchanged', unchanged) FROM csv_jobs WHERE id = ${jobId})`;
}

/** The slugs of the next lines. */
export function nextSlugs(jobId: string, after: number, limit: number) {
  return query.all<{ line: number; slug: string }>(sql`
    SELECT line, slug FROM import_rows WHERE job_id = ${jobId} AND line > ${after} ORDER BY line LIMIT ${limit}`);
}
