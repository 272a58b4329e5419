import { isStaff } from "../platform/access.ts";
import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import { presentProduct } from "./present-product.ts";
import type { Product } from "./product.ts";
import { findProduct } from "./store.ts";

/** Whether the caller works on the catalog: what is not for sale yet, or any more, is open to them. */
export function seesDrafts({ actor }: Pick<Context, "actor">): boolean {
  return isStaff(actor, "catalog:write");
}

interface Sought {
  readonly idOrSlug: string;
}

/** One product by id or slug; drafts and archived ones for staff. Throws `NOT_FOUND`. */
export function getProduct(ctx: Context, { idOrSlug }: Sought): Promise<Product> {
  return find(ctx, idOrSlug, { drafts: seesDrafts(ctx) });
}

/** The same as shoppers see it, whoever looks. */
export function getProductOnSale(ctx: Context, { idOrSlug }: Sought): Promise<Product> {
  return find(ctx, idOrSlug, { drafts: false });
}

async function find(
  ctx: Context,
  idOrSlug: string,
  sight: { readonly drafts: boolean },
): Promise<Product> {
  const [row] = await ctx.db.run(findProduct(idOrSlug, sight));
  if (row === undefined) throw notFound("product");
  return presentProduct(row);
}
