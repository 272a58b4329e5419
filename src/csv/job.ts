import * as z from "zod";
import { toTimestamp } from "../platform/clock.ts";
import type { Scope } from "../platform/roles.ts";
import { statesOf } from "../platform/state.ts";
import { csvJobTransitions } from "./csv-job-state.ts";
import type { JobRow } from "./store.ts";

export const EXPORT_KINDS = ["products", "stock", "orders"] as const;
export const IMPORT_KINDS = ["products", "stock"] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** As many as are shown; all are counted, up to a bound. */
export const SHOWN_ERRORS = 100;

export const lineErrorSchema = z.strictObject({
  line: z.int().nullable().meta({
    description: "Of the file, from 1; null for what is no line's. Quoted cells may have several.",
  }),
  column: z.string().nullable(),
  message: z.string(),
});
export type LineError = z.infer<typeof lineErrorSchema>;

export const csvJobSchema = z
  .strictObject({
    id: z.string(),
    type: z.enum(["export", "import"]),
    kind: z.enum(EXPORT_KINDS),
    status: z.enum(statesOf(csvJobTransitions)),
    dryRun: z.boolean(),
    progress: z.strictObject({
      done: z.int().meta({ description: "Lines that were read or written." }),
      total: z.int().nullable().meta({ description: "Null until it is known." }),
    }),
    counts: z
      .strictObject({ created: z.int(), updated: z.int(), unchanged: z.int() })
      .nullable()
      .meta({
        description:
          "What an import has made of its lines, or, of a dry run, what it would; null until then.",
      }),
    errorCount: z.int(),
    errors: z
      .array(lineErrorSchema)
      .meta({ description: `The first ${SHOWN_ERRORS}. With one of them, nothing is imported.` }),
    file: z.string().nullable().meta({ description: "Where an export that is done can be read." }),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Job" });
export type CsvJob = z.infer<typeof csvJobSchema>;

const errorsSchema = z.array(lineErrorSchema);

export function errorsOf({ errors }: Pick<JobRow, "errors">): LineError[] {
  return errorsSchema.parse(JSON.parse(errors));
}

export function presentJob(row: JobRow, publicUrl: string): CsvJob {
  const { id, type, kind, status, created, updated, unchanged } = row;
  const isThere = type === "export" && status === "succeeded";
  return {
    ...{ id, type, kind, status, dryRun: row.dryRun === 1 },
    progress: { done: row.done, total: row.total },
    counts:
      created === null || updated === null || unchanged === null
        ? null
        : { created, updated, unchanged },
    errorCount: row.errorCount,
    errors: errorsOf(row),
    file: isThere ? `${publicUrl}/api/v1/jobs/${id}/file` : null,
    createdAt: toTimestamp(row.createdAt),
    finishedAt: row.finishedAt === null ? null : toTimestamp(row.finishedAt),
  };
}

const EXPORT_SCOPES = {
  products: "catalog:write",
  stock: "inventory:read",
  orders: "orders:read",
} as const satisfies Record<ExportKind, Scope>;
const IMPORT_SCOPES: Readonly<Record<string, Scope>> = {
  products: "catalog:write",
  stock: "inventory:write",
} satisfies Record<ImportKind, Scope>;

/** What whoever makes such a job, or asks for it, has to hold. */
export function scopeOf({ type, kind }: Pick<JobRow, "type" | "kind">): Scope {
  return type === "export" ? EXPORT_SCOPES[kind] : (IMPORT_SCOPES[kind] ?? "catalog:write");
}
