import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { statesOf } from "../platform/state.ts";
import { csvJobTransitions } from "./csv-job-state.ts";

/** What a job does next; `over` for nothing. */
export const PHASES = [
  "writing",
  "reading",
  "checking",
  "applying",
  "indexing",
  "cleaning",
  "over",
] as const;

/**
 * An export or import. `version` counts its steps: each is one batch that moves it on by one, so that a message which comes
 * twice does nothing twice. `problems` is what an import would break: the CHECK lets none of it in.
 */
export const csvJobs = sqliteTable(
  "csv_jobs",
  {
    id: text("id").primaryKey(),
    type: text("type", { enum: ["export", "import"] }).notNull(),
    kind: text("kind", { enum: ["products", "stock", "orders"] }).notNull(),
    status: text("status", { enum: statesOf(csvJobTransitions) }).notNull(),
    dryRun: integer("dry_run").notNull(),
    /** The query of an export as it was sent, in JSON. */
    filter: text("filter").notNull(),
    phase: text("phase", { enum: PHASES }).notNull(),
    /** Where its phase is, in JSON. */
    state: text("state").notNull().default("{}"),
    version: integer("version").notNull().default(1),
    /** Lines. */
    done: integer("done").notNull().default(0),
    total: integer("total"),
    created: integer("created"),
    updated: integer("updated"),
    unchanged: integer("unchanged"),
    problems: integer("problems").notNull().default(0),
    errorCount: integer("error_count").notNull().default(0),
    /** The first of them, in JSON. */
    errors: text("errors").notNull().default("[]"),
    /** What was sent, in the bucket, and how large that is. */
    upload: text("upload"),
    bytes: integer("bytes").notNull().default(0),
    actor: text("actor").notNull(),
    address: text("address").notNull(),
    requestId: text("request_id").notNull(),
    createdAt: integer("created_at").notNull(),
    finishedAt: integer("finished_at"),
  },
  (t) => [
    check("csv_jobs_status", sql`${t.status} IN ('queued', 'running', 'succeeded', 'failed')`),
    check(
      "csv_jobs_finished",
      sql`(${t.status} IN ('succeeded', 'failed')) = (${t.finishedAt} IS NOT NULL)`,
    ),
    check("csv_jobs_without_errors", sql`${t.status} <> 'succeeded' OR ${t.errorCount} = 0`),
    check("csv_jobs_no_problems", sql`${t.problems} = 0`),
    index("csv_jobs_newest").on(t.createdAt),
  ],
);

/** The lines of an import that were read and are fine by themselves, until all of them are applied at once. */
export const importRows = sqliteTable(
  "import_rows",
  {
    jobId: text("job_id").notNull(),
    line: integer("line").notNull(),
    slug: text("slug").notNull(),
    sku: text("sku").notNull(),
    data: text("data").notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.line] })],
);
