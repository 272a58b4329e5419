import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import {
  beginReconciliation,
  findReconciliation,
  saveReconciliation,
} from "../../webhooks/index.ts";
import {
  endForgettings,
  endOfSlice,
  findOpenForgettings,
  forgetSlice,
  STAGES,
  type Stage,
} from "./store.ts";

const NAME = "forgetting";
const ROWS_A_SLICE = 500;
/** With a run every five minutes: fourteen million rows a day. Each is two calls to the database, of which an invocation has 1000. */
const SLICES_A_RUN = 100;

const walkSchema = z.strictObject({
  /** Milliseconds. */
  begunAt: z.int(),
  since: z.int(),
  stage: z.enum(["events", "log"]),
  at: z.int(),
  id: z.string(),
});
/** One walk for all who were forgotten before it began; null between two. */
const stateSchema = z.strictObject({ walk: walkSchema.nullable() });
type Walk = z.infer<typeof walkSchema>;

/**
 * Looks through what has no index by person, for what is left of those who were forgotten: what providers sent, and lines
 * of the log. It goes on where the run before has stopped, and writes down how far it is in the batch of each slice.
 */
export async function finishForgetting(ctx: Context): Promise<Record<string, number>> {
  const [[found]] = await ctx.db.batch([findOpenForgettings()]);
  if (found === undefined || found.open === 0 || found.since === null) return {};
  const now = ctx.now();
  const [, [row]] = await ctx.db.batch([
    beginReconciliation(NAME, JSON.stringify({ walk: null }), now),
    findReconciliation(NAME),
  ]);
  if (row === undefined) throw new Error("The walk has no row.");
  const { walk } = stateSchema.parse(JSON.parse(row.state));
  let at: Walk | null = walk ?? begin("events", { begunAt: now, since: found.since });
  let { version } = row;
  let forgotten = 0;
  for (let slices = 0; slices < SLICES_A_RUN && at !== null; slices += 1) {
    const done = await lookAtSlice(ctx, at, version);
    if (done === undefined) break; // another run is faster
    forgotten += done.gone;
    version += 1;
    at = done.next;
  }
  return { forgotten, open: found.open };
}

const begin = (stage: Stage, { begunAt, since }: Pick<Walk, "begunAt" | "since">): Walk => ({
  ...{ begunAt, since, stage, at: since, id: "" },
});

/** Undefined where another run has been here since. */
async function lookAtSlice(
  ctx: Context,
  walk: Walk,
  version: number,
): Promise<{ readonly next: Walk | null; readonly gone: number } | undefined> {
  const [end] = await ctx.db.run(endOfSlice(walk.stage, walk, ROWS_A_SLICE));
  const following = STAGES[STAGES.indexOf(walk.stage) + 1];
  const next =
    end === undefined
      ? following === undefined
        ? null
        : begin(following, walk)
      : { ...walk, ...end };
  const now = ctx.now();
  const last: Statement<{ gone: number }[]>[] =
    next === null ? [endForgettings(walk.begunAt, now)] : [];
  const [[saved], gone] = await ctx.db.batch([
    saveReconciliation({ name: NAME, version }, JSON.stringify({ walk: next }), now),
    forgetSlice(walk.stage, walk, end),
    ...last,
  ]);
  return saved === undefined ? undefined : { next, gone: gone.length };
}
