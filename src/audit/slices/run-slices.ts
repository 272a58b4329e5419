import { MINUTE_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { Breach } from "../check-invariants.ts";
import { type Moment, rulesOfMoment } from "../rules.ts";
import { lookAtChanges } from "./changes.ts";
import { look, onceEach, type Run } from "./look.ts";
import { goRound } from "./round.ts";
import type { AuditState } from "./state.ts";

/** A slice is one or two calls to the database, of which an invocation has 1000. */
const SLICES_A_RUN = 300;
const RUN_MS = 5 * MINUTE_MS;

/**
 * One run of the audit, each part in slices that the database has no trouble with:
 *
 *     1. what is under way            all of it, it is never much
 *     2. where something was wrong    as long as it is
 *     3. what has changed since       by the orders' histories and the ledger
 *     4. everything                   a part of the round, as far as the run comes
 *
 * Each slice writes down how far the audit is. Two runs at once look at the same twice.
 */
export async function runSlices(
  ctx: Context,
  state: AuditState,
  moment: Moment,
): Promise<{ readonly found: readonly Breach[]; readonly state: AuditState }> {
  const until = ctx.now() + RUN_MS;
  const run: Run = { until, left: SLICES_A_RUN, state, found: [], suspects: [] };
  run.found.push(...(await ctx.db.batch(rulesOfMoment(moment))).flat());
  for (const slice of state.suspects) await look(ctx, run, slice);
  await lookAtChanges(ctx, run);
  await goRound(ctx, run);
  return { found: run.found, state: { ...run.state, suspects: onceEach(run.suspects) } };
}
