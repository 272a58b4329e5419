import type { Context } from "../../platform/context.ts";
import type { Kind } from "../rules.ts";
import { moveCheckpoints } from "../stock/store.ts";
import { isSpent, look, type Run } from "./look.ts";
import { findEnds, nextHistory, nextMovements } from "./store.ts";

const ENTRIES = 200;
const MOVEMENTS = 1000;
const IDS_A_LOOK = 200;

/** Looks at every order, hold and SKU that has changed since the last run, and moves the checkpoints of the ledger on. */
export async function lookAtChanges(ctx: Context, run: Run): Promise<void> {
  await rewindAfterRestore(ctx, run);
  const skus = new Set<string>();
  while (!isSpent(ctx, run) && (await lookAtMovements(ctx, run, skus)));
  while (!isSpent(ctx, run) && (await lookAtHistory(ctx, run)));
  // Each once, after all of the ledger that there was: what lies behind a checkpoint is added up each time.
  await lookAll(ctx, run, "skus", skus);
}

/** A database that was put back to an earlier moment gives out the same places again. */
async function rewindAfterRestore(ctx: Context, run: Run): Promise<void> {
  const [ends] = await ctx.db.run(findEnds());
  if (ends === undefined) return;
  const { history, ledger } = run.state;
  run.state = {
    ...run.state,
    history: Math.min(history, ends.history),
    ledger: Math.min(ledger, ends.ledger),
  };
}

/** Answers whether there are more. */
async function lookAtMovements(ctx: Context, run: Run, skus: Set<string>): Promise<boolean> {
  const after = run.state.ledger;
  const rows = await ctx.db.run(nextMovements(after, MOVEMENTS));
  const through = rows.at(-1)?.at;
  if (through === undefined) return false;
  run.left -= 1;
  await ctx.db.batch(moveCheckpoints({ after, through }));
  for (const { sku } of rows) skus.add(sku);
  const known = (ids: readonly (string | null)[]) =>
    new Set(ids.flatMap((id) => (id === null ? [] : [id])));
  await lookAll(ctx, run, "holds", known(rows.map(({ reservationId }) => reservationId)));
  await lookAll(ctx, run, "orders", known(rows.map(({ orderId }) => orderId)));
  run.state = { ...run.state, ledger: through };
  return rows.length === MOVEMENTS;
}

async function lookAtHistory(ctx: Context, run: Run): Promise<boolean> {
  const entries = await ctx.db.run(nextHistory(run.state.history, ENTRIES));
  const last = entries.at(-1);
  if (last === undefined) return false;
  await lookAll(ctx, run, "orders", new Set(entries.map(({ orderId }) => orderId)));
  run.state = { ...run.state, history: last.at };
  return entries.length === ENTRIES;
}

async function lookAll(
  ctx: Context,
  run: Run,
  kind: Kind,
  ids: ReadonlySet<string>,
): Promise<void> {
  const all = [...ids];
  for (let start = 0; start < all.length; start += IDS_A_LOOK)
    await look(ctx, run, { kind, ids: all.slice(start, start + IDS_A_LOOK) });
}
