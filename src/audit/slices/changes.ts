import type { Context } from "../../platform/context.ts";
import type { Kind } from "../rules.ts";
import { moveCheckpoints } from "../stock/store.ts";
import { isSpent, look, type Run } from "./look.ts";
import { findEnds, nextHistory, nextKeys, nextMovements, skusMoved } from "./store.ts";

const ENTRIES = 200;
const MOVEMENTS = 1000;
const KEYS = 1000;
const IDS_A_LOOK = 200;

/**
 * Looks at every order, hold and SKU that has changed since the last run, and at every new key, and moves the checkpoints of
 * the ledger on.
 */
export async function lookAtChanges(ctx: Context, run: Run): Promise<void> {
  await rewindAfterRestore(ctx, run);
  while (!isSpent(ctx, run) && (await lookAtMovements(ctx, run)));
  while (!isSpent(ctx, run) && (await lookAtHistory(ctx, run)));
  while (!isSpent(ctx, run) && (await lookAtKeys(ctx, run)));
  await lookAtLevels(ctx, run);
}

/** A database that was put back to an earlier moment gives out the same places again. */
async function rewindAfterRestore(ctx: Context, run: Run): Promise<void> {
  const [ends] = await ctx.db.run(findEnds());
  if (ends === undefined) return;
  const { history, ledger, levels, keys } = run.state;
  run.state = {
    ...run.state,
    history: Math.min(history, ends.history),
    ledger: Math.min(ledger, ends.ledger),
    levels: Math.min(levels, ends.ledger),
    keys: Math.min(keys, ends.keys),
  };
}

/** Answers whether there are more. */
async function lookAtMovements(ctx: Context, run: Run): Promise<boolean> {
  const after = run.state.ledger;
  const rows = await ctx.db.run(nextMovements(after, MOVEMENTS));
  const through = rows.at(-1)?.at;
  if (through === undefined) return false;
  run.left -= 1;
  await ctx.db.batch(moveCheckpoints({ after, through }));
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

/** A key lives for a day: the round may never meet it. */
async function lookAtKeys(ctx: Context, run: Run): Promise<boolean> {
  const keys = await ctx.db.run(nextKeys(run.state.keys, KEYS));
  const last = keys.at(-1);
  if (last === undefined) return false;
  await look(ctx, run, { kind: "keys", ids: keys.map(({ id }) => id) });
  run.state = { ...run.state, keys: last.id };
  return keys.length === KEYS;
}

/**
 * Each SKU once, after all of the ledger that there was: what lies behind a checkpoint is added up each time. How far this
 * is, is written down by itself, so that a run which dies before it leaves them to the next one.
 */
async function lookAtLevels(ctx: Context, run: Run): Promise<void> {
  const { levels: after, ledger: through } = run.state;
  const moved = await ctx.db.run(skusMoved({ after, through }));
  await lookAll(ctx, run, "skus", new Set(moved.map(({ sku }) => sku)));
  run.state = { ...run.state, levels: through };
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
