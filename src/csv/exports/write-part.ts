import * as z from "zod";
import type { CsvContext } from "../context.ts";
import type { Limits, Step } from "../step.ts";
import type { JobRow } from "../store.ts";
import { BYTE_ORDER_MARK, csvLines } from "../text/write-lines.ts";
import { TABLES } from "./tables.ts";

/** Where the list goes on, and what was written so far. */
const stateSchema = z.strictObject({
  cursor: z.string().optional(),
  parts: z.array(z.strictObject({ key: z.string(), bytes: z.int() })).default([]),
});

/** The objects that an export is made of, in their order. */
export function partsOf({ state }: Pick<JobRow, "state">) {
  return stateSchema.parse(JSON.parse(state)).parts;
}

const encoder = new TextEncoder();

/**
 * Writes the next part of an export:
 *
 *     1. the part                    into the bucket, under a key of its own
 *     2. that it is one of them      with where the list goes on, one batch
 *
 * Dead after 1: another try writes another object, and nobody reads this one; the purge takes it away.
 */
export async function writePart(ctx: CsvContext, job: JobRow, limits: Limits): Promise<Step> {
  const { cursor, parts } = stateSchema.parse(JSON.parse(job.state));
  const { columns, read } = TABLES[job.kind];
  const { rows, nextCursor } = await read(ctx, JSON.parse(job.filter), {
    cursor,
    pageSize: limits.exported,
  });
  const head = parts.length === 0 ? BYTE_ORDER_MARK + csvLines([columns]) : "";
  const bytes = encoder.encode(head + csvLines(rows));
  const key = `${job.id}/${crypto.randomUUID()}`;
  await ctx.files.put(key, bytes);
  const state = {
    cursor: nextCursor ?? undefined,
    parts: [...parts, { key, bytes: bytes.byteLength }],
  };
  const done = job.done + rows.length;
  const change = { state: JSON.stringify(state), done };
  if (nextCursor !== null) return { change };
  const end = { status: "succeeded", phase: "over", total: done, finishedAt: ctx.now() } as const;
  return { change: { ...change, ...end } };
}
