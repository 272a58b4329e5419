import * as z from "zod";
import { indexProducts } from "../../catalog/index.ts";
import type { CsvContext } from "../context.ts";
import type { Step } from "../step.ts";
import type { JobRow } from "../store.ts";
import { nextSlugs } from "./store.ts";

const stateSchema = z.strictObject({ line: z.int().default(0) });
/** Lines a step. */
const LINES = 250;

/** Writes into the index of words what the imported products say by now. As often as it is done, the same is true then. */
export async function indexRows(ctx: CsvContext, job: JobRow): Promise<Step> {
  const { line } = stateSchema.parse(JSON.parse(job.state));
  const rows = await ctx.db.run(nextSlugs(job.id, line, LINES));
  await indexProducts(ctx, [...new Set(rows.map(({ slug }) => slug))]);
  const last = rows.at(-1)?.line;
  if (last === undefined || rows.length < LINES) return { change: { phase: "cleaning" } };
  return { change: { state: JSON.stringify({ line: last }) } };
}
