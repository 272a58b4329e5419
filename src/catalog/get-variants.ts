import type { Context } from "../platform/context.ts";
import type { Money } from "../platform/money.ts";
import { findVariants } from "./store.ts";

/** A variant with what it takes to show it beside others. */
export interface ShownVariant {
  readonly sku: string;
  readonly title: string;
  readonly price: Money;
  readonly product: { readonly slug: string; readonly title: string };
  readonly image: { readonly id: string; readonly url: string; readonly alt: string } | undefined;
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
    image:
      row.imageId === null || row.imageUrl === null
        ? undefined
        : { id: row.imageId, url: row.imageUrl, alt: row.imageAlt ?? "" },
  }));
}
