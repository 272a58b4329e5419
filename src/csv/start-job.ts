import { audit } from "../platform/audit-log/store.ts";
import type { Effect } from "../platform/idempotency/perform.ts";
import { newId } from "../platform/ids.ts";
import { promise, wakePromises } from "../platform/outbox/store.ts";
import type { CsvContext } from "./context.ts";
import { type CsvJob, type ExportKind, type ImportKind, presentJob } from "./job.ts";
import { insertJob, type JobRow } from "./store.ts";

const ACCEPTED = 202;

export const newJobId = (ctx: CsvContext) => newId("job", ctx.now());

/** Promises an export of a list; `filter` is its query, as it was sent. */
export function startExport(
  ctx: CsvContext,
  { kind, filter }: { readonly kind: ExportKind; readonly filter: object },
): Effect<CsvJob> {
  return start(ctx, {
    id: newJobId(ctx),
    type: "export",
    kind,
    dryRun: 0,
    filter: JSON.stringify(filter),
    phase: "writing",
    upload: null,
    bytes: 0,
  });
}

export interface NewImport {
  readonly id: string;
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  /** Where what was sent is in the bucket. */
  readonly upload: string;
  readonly bytes: number;
}

/** Promises an import of what was sent. */
export function startImport(ctx: CsvContext, { dryRun, ...job }: NewImport): Effect<CsvJob> {
  return start(ctx, {
    ...job,
    type: "import",
    dryRun: dryRun ? 1 : 0,
    filter: "{}",
    phase: "reading",
  });
}

type Asked = Pick<
  JobRow,
  "id" | "type" | "kind" | "dryRun" | "filter" | "phase" | "upload" | "bytes"
>;

function start(ctx: CsvContext, asked: Asked): Effect<CsvJob> {
  const { actor, requestId } = ctx;
  const row: JobRow = {
    ...asked,
    ...{ status: "queued", state: "{}", version: 1, done: 0, total: null },
    ...{ created: null, updated: null, unchanged: null, problems: 0, errorCount: 0, errors: "[]" },
    ...{ actor: actor.label, address: actor.address, requestId },
    ...{ createdAt: ctx.now(), finishedAt: null },
  };
  const { id, type, kind, dryRun } = row;
  // What is asked for may be somebody's name or address, and the log stays.
  const filters = Object.keys(JSON.parse(row.filter) as object);
  const run = promise(ctx, {
    topic: "csv.run",
    payload: { jobId: id },
    dedupeKey: `csv:${id}:1`,
  });
  return {
    statements: [
      insertJob(row),
      audit(ctx, "csv_job.started", id, { type, kind, dryRun: dryRun === 1, filters }),
      run.statement,
    ],
    result: presentJob(row, ctx.config.publicUrl),
    status: ACCEPTED,
    open: true,
    after: () => wakePromises(ctx, [run.id]),
  };
}
