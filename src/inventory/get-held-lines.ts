import type { Context } from "../platform/context.ts";
import type { Money } from "../platform/money.ts";
import { findHeldLines } from "./holds/store.ts";

/** What a hold holds, as it was and for what it cost when it was made. */
export interface HeldGoods {
  readonly sku: string;
  readonly quantity: number;
  readonly title: string;
  readonly variantTitle: string;
  readonly total: Money;
  readonly requiresShipping: boolean;
}

/** The lines of a hold, for its holder. */
export async function getHeldLines(
  ctx: Context,
  { id }: { readonly id: string },
): Promise<HeldGoods[]> {
  const rows = await ctx.db.run(findHeldLines(id));
  return rows.map(({ unitAmount, currency, requiresShipping, ...line }) => ({
    ...line,
    total: { amount: unitAmount * line.quantity, currency },
    requiresShipping: requiresShipping === 1,
  }));
}
