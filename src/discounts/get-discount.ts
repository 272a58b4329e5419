import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import { newestFirst, type Page, type PageInput, readPage } from "../platform/http/pagination.ts";
import { type Discount, presentDiscount } from "./discount.ts";
import {
  countDiscounts,
  type DiscountRow,
  findDiscount,
  listDiscounts as selectDiscounts,
} from "./store.ts";

/** A discount with its strong `ETag`. */
export interface Tagged {
  readonly discount: Discount;
  readonly tag: string;
}

/** Says how often the discount was changed, and used: both are seen in it. */
export function tagOf({ version, uses }: DiscountRow): string {
  return `"${version}-${uses}"`;
}

/** Throws `NOT_FOUND`. */
export async function getDiscount(ctx: Context, input: { readonly id: string }): Promise<Tagged> {
  const [row] = await ctx.db.run(findDiscount(input.id));
  if (row === undefined) throw notFound("discount");
  return { discount: presentDiscount(row), tag: tagOf(row) };
}

/** A page of discounts, newest first, or the one with this code. */
export async function listDiscounts(
  ctx: Context,
  input: PageInput & { readonly code?: string | undefined },
): Promise<Page<Discount>> {
  const filter = { code: input.code };
  return readPage(ctx, input, {
    ...newestFirst,
    rows: (after, limit) => selectDiscounts(filter, after, limit),
    count: () => countDiscounts(filter),
    present: presentDiscount,
  });
}
