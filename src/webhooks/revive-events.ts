import type { Context } from "../platform/context.ts";
import { WAKE_GRACE_MS } from "../platform/jobs/wake.ts";
import { findLacks, type Look, reopenArrived, reopenLacking } from "./store.ts";

/** How many events one look reads, however many lie dead. */
const LOOKED_AT = 50;
const REVIVED_AT_ONCE = 100;

interface Lacks extends Omit<Look, "limit"> {
  /** The provider, where it answers again. */
  readonly provider: string | null;
}

/**
 * Gives another chance to dead events whose lack is over. Looks at some of them each time, in the order of what they
 * lack and round again, so that each has its turn. Answers how many it has revived, and where the next look begins.
 */
export async function reviveEvents(
  ctx: Context,
  { provider, ...look }: Lacks,
): Promise<{ readonly revived: number; readonly next: string }> {
  const wakeAt = ctx.now() + WAKE_GRACE_MS;
  const { after } = look;
  const [looked, arrived, answered = []] = await ctx.db.batch([
    findLacks(after, LOOKED_AT),
    reopenArrived({ ...look, limit: LOOKED_AT }, wakeAt),
    ...(provider === null ? [] : [reopenLacking(provider, REVIVED_AT_ONCE, wakeAt)]),
  ]);
  for (const { id } of [...arrived, ...answered]) ctx.wake({ type: "webhook", id });
  return { revived: arrived.length + answered.length, next: nextLook(looked, after) };
}

function nextLook(looked: readonly { readonly lacks: string }[], after: string): string {
  const last = looked.at(-1)?.lacks;
  if (last === undefined || looked.length < LOOKED_AT) return "";
  // Where more of them lack one thing than a look reads, the next one goes on behind it.
  return last === after ? `${last}!` : last;
}
