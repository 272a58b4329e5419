import type { Context } from "../platform/context.ts";
import { WAKE_GRACE_MS } from "../platform/jobs/wake.ts";
import { reopenDead } from "./store.ts";

/** Gives another chance to dead events whose lack is over (see `reopenDead`), a hundred at a time. Answers how many. */
export async function reviveEvents(
  ctx: Context,
  arrived: Parameters<typeof reopenDead>[0],
): Promise<number> {
  const revived = await ctx.db.run(reopenDead(arrived, ctx.now() + WAKE_GRACE_MS));
  for (const { id } of revived) ctx.wake({ type: "webhook", id });
  return revived.length;
}
