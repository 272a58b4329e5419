import type { Context } from "../../platform/context.ts";
import { dayBy } from "../zone/offset-of.ts";
import { findOffsets } from "../zone/store.ts";
import { addUpStock, type StockSum, saveStockDay } from "./store.ts";

/** SKUs a slice: few enough for the database to go on serving. */
const SLICE = 2000;
/** One run makes at most so many calls to the database, of which an invocation has 1000. */
const MOST_SLICES = 500;

/**
 * Counts what lies on the shelf, and what it is worth, by currency, in slices of SKUs. It is written down as the shop's day,
 * over what was counted before on it. Answers how many SKUs there are.
 */
export async function countStock(ctx: Context): Promise<{ skus: number }> {
  const sums = new Map<string, Omit<StockSum, "last">>();
  let after = "";
  for (let slice = 0; slice < MOST_SLICES; slice += 1) {
    const found: StockSum[] = await ctx.db.run(addUpStock(after, SLICE));
    for (const { currency, skus, units, value } of found) {
      const known = sums.get(currency) ?? { currency, skus: 0, units: 0, value: 0 };
      sums.set(currency, {
        currency,
        skus: known.skus + skus,
        units: known.units + units,
        value: known.value + value,
      });
    }
    const last = found
      .map((one) => one.last)
      .sort()
      .at(-1); // as the database orders them, in capital letters
    if (last === undefined) break;
    after = last;
  }
  const now = ctx.now();
  const [shown] = await ctx.db.run(findOffsets(now));
  const day = dayBy(shown?.offsetMs ?? 0, now);
  const all = [...sums.values()];
  if (all.length > 0)
    await ctx.db.batch(all.map((sum) => saveStockDay({ ...sum, day, countedAt: now })));
  return { skus: all.reduce((total, { skus }) => total + skus, 0) };
}
