import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import { presentProduct } from "./present-product.ts";
import type { Product } from "./product.ts";
import { findProduct } from "./store.ts";

/** One active product by id or slug. Throws `NOT_FOUND`. */
export async function getProduct(ctx: Context, input: { idOrSlug: string }): Promise<Product> {
  const [row] = await ctx.db.run(findProduct(input.idOrSlug));
  if (row === undefined) throw notFound("product");
  return presentProduct(row);
}
