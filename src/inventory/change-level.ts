import { auditIfChanged } from "../platform/audit-log/store.ts";
import type { Context } from "../platform/context.ts";
import { AppError, notFound } from "../platform/errors.ts";
import { tagsOf } from "../platform/http/if-match.ts";
import { type Level, type LevelChanges, presentLevel } from "./stock.ts";
import { findLevel, updateThreshold } from "./store.ts";

interface Input {
  readonly sku: string;
  readonly changes: LevelChanges;
  /** `If-Match`: what the caller has seen. */
  readonly ifMatch: string | undefined;
}

/**
 * Changes from where on a SKU runs low. What shoppers are told follows at once, by triggers; nobody is told of low stock by
 * it, because no stock has fallen. Throws `NOT_FOUND`, `PRECONDITION_FAILED`.
 */
export async function changeLevel(ctx: Context, input: Input): Promise<Level> {
  const { sku, changes, ifMatch } = input;
  const [changed, , [row]] = await ctx.db.batch([
    updateThreshold(sku, changes.lowStockThreshold, tagsOf(ifMatch)),
    auditIfChanged(ctx, "stock.threshold_updated", sku, changes),
    findLevel(sku),
  ]);
  if (row === undefined) throw notFound("SKU");
  if (changed.length === 0) {
    throw new AppError(
      "PRECONDITION_FAILED",
      "The level has changed since you read it. Read it again.",
    );
  }
  return presentLevel(row);
}
