import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import type { Breach } from "../check-invariants.ts";
import { RULES_OF } from "../rules.ts";
import { onlyThese } from "../store.ts";
import { PROGRESS, saveProgress } from "../waiting/store.ts";
import type { AuditState, Slice } from "./state.ts";

/** More of them are a matter for a person in any case, and the next round meets them again. */
const MOST_SUSPECTS = 10;

/** One run of the audit under way. */
export interface Run {
  /** Milliseconds after which no slice is begun. */
  readonly until: number;
  /** How many slices are left to it. */
  left: number;
  state: AuditState;
  readonly found: Breach[];
  readonly suspects: Slice[];
}

export function isSpent(ctx: Context, { left, until }: Run): boolean {
  return left <= 0 || ctx.now() > until;
}

/** Each of these once, the first place of each kept. */
export function onceEach(slices: readonly Slice[]): Slice[] {
  return [...new Map(slices.map((slice) => [JSON.stringify(slice), slice])).values()];
}

/**
 * Looks at these rows, in one transaction that also writes down how far the run was before it, and what it had found: of a
 * run that dies, the next one says it.
 */
export async function look(
  ctx: Context,
  run: Run,
  slice: Slice,
  also: readonly Statement<Breach[]>[] = [],
): Promise<void> {
  run.left -= 1;
  const rules: readonly Statement<Breach[]>[] = RULES_OF[slice.kind](onlyThese(slice.ids));
  const suspects = onceEach([...run.state.suspects, ...run.suspects]);
  const save = saveProgress(PROGRESS, JSON.stringify({ ...run.state, suspects }), ctx.now());
  const [, ...found] = await ctx.db.batch([save, ...rules, ...also]);
  const breaches = found.flat();
  run.found.push(...breaches);
  if (breaches.length > 0 && run.suspects.length < MOST_SUSPECTS) run.suspects.push(slice);
}
