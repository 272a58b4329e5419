import * as z from "zod";
import type { Context } from "../platform/context.ts";
import type { Statement } from "../platform/db.ts";
import { beginReconciliation, findReconciliation, saveReconciliation } from "../webhooks/index.ts";
import type { Place } from "./store.ts";

const NAME = "retention";

const placeSchema = z.strictObject({ at: z.number(), id: z.string() });
/**
 * How far each walk through the processed events is, and when the one to archive them began, in milliseconds. `archiving` is
 * the end of the object that is being written, so that a run which goes on with it writes the same one.
 */
const progressSchema = z.strictObject({
  unpaid: placeSchema,
  archive: placeSchema,
  archiving: placeSchema.nullable(),
  archiveBegun: z.number(),
});
type Progress = z.infer<typeof progressSchema>;
export interface Saved extends Progress {
  readonly version: number;
}

export const BEGINNING: Place = { at: 0, id: "" };

export async function readProgress(ctx: Context): Promise<Saved> {
  const now = ctx.now();
  const first: Progress = {
    unpaid: BEGINNING,
    archive: BEGINNING,
    archiving: null,
    archiveBegun: now,
  };
  const [, [row]] = await ctx.db.batch([
    beginReconciliation(NAME, JSON.stringify(first), now),
    findReconciliation(NAME),
  ]);
  if (row === undefined) throw new Error("The purge has no row.");
  return { ...progressSchema.parse(JSON.parse(row.state)), version: row.version };
}

/** Does this and writes down how far it is, in one batch. What overlapping runs do twice is done once; undefined for the slower one. */
export async function saveWith(
  ctx: Context,
  { version, ...before }: Saved,
  {
    change,
    statements,
  }: {
    readonly change: Partial<Progress>;
    readonly statements: readonly Statement<{ gone: number }[]>[];
  },
): Promise<{ readonly saved: Saved | undefined; readonly gone: number }> {
  const progress = { ...before, ...change };
  const save = saveReconciliation({ name: NAME, version }, JSON.stringify(progress), ctx.now());
  const [[row], ...done] = await ctx.db.batch([save, ...statements]);
  const gone = done.reduce((sum, rows) => sum + rows.length, 0);
  return { saved: row && { ...progress, version: row.version }, gone };
}
