import { isStaff } from "../platform/access.ts";
import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import type { KeptText } from "../platform/memory/kept.ts";
import { lookOf } from "./look.ts";
import { presentProduct, tagged } from "./present-product.ts";
import type { Product } from "./product.ts";
import { findProduct } from "./store.ts";

/** Whether the caller works on the catalog: what is not for sale yet, or any more, is open to them. */
export function seesDrafts({ actor }: Pick<Context, "actor">): boolean {
  return isStaff(actor, "catalog:write");
}

interface Sought {
  readonly idOrSlug: string;
}

/** The answer about one product by id or slug, as the database has made it; drafts and archived ones for staff. Throws `NOT_FOUND`. */
export async function getProductText(ctx: Context, { idOrSlug }: Sought): Promise<KeptText> {
  const { version, product } = await find(ctx, idOrSlug, { drafts: seesDrafts(ctx) });
  return tagged({ version, text: product });
}

/** One product as shoppers see it, whoever looks. Throws `NOT_FOUND`. */
export async function getProductOnSale(ctx: Context, { idOrSlug }: Sought): Promise<Product> {
  return presentProduct(await find(ctx, idOrSlug, { drafts: false }));
}

async function find(ctx: Context, idOrSlug: string, sight: { readonly drafts: boolean }) {
  const [row] = await ctx.db.run(findProduct(idOrSlug, { ...sight, look: lookOf(ctx) }));
  if (row === undefined) throw notFound("product");
  return row;
}
