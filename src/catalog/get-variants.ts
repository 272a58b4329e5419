import type { Context } from "../platform/context.ts";
import type { RowOf } from "../platform/db.ts";
import type { Money } from "../platform/money.ts";
import { type Image, imageBase } from "./image.ts";
import { findVariants } from "./store.ts";

/** A variant with what it takes to show it beside others. */
export interface ShownVariant {
  readonly sku: string;
  readonly title: string;
  readonly price: Money;
  readonly product: { readonly slug: string; readonly title: string };
  readonly image: Image | undefined;
}

/** The variants with these SKUs, whether they are still for sale or not. */
export async function getVariants(
  ctx: Context,
  input: { readonly skus: readonly string[] },
): Promise<ShownVariant[]> {
  const rows = await ctx.db.run(findVariants(input.skus));
  return rows.map((row) => ({
    sku: row.sku,
    title: row.title,
    price: { amount: row.amount, currency: row.currency },
    product: { slug: row.slug, title: row.productTitle },
    image: imageOf(row, imageBase(ctx.config)),
  }));
}

type Row = RowOf<typeof findVariants>;

function imageOf(row: Row, base: string): Image | undefined {
  const { imageId: id, imageKey: key, imageAlt: alt, width, height } = row;
  if (id === null || key === null || alt === null || width === null || height === null)
    return undefined;
  return { id, url: base + key, alt, width, height };
}
