import type { Context } from "../platform/context.ts";
import { AppError, unauthenticated } from "../platform/errors.ts";
import { type Page, type PageInput, readPage, requireOrder } from "../platform/http/pagination.ts";
import { seesDrafts } from "./get-product.ts";
import { lookOf } from "./look.ts";
import { presentProduct, productText } from "./present-product.ts";
import type { Product } from "./product.ts";
import type { ProductStatus } from "./product-status.ts";
import { searchProducts } from "./search/search-products.ts";
import {
  countProducts,
  type ProductRow,
  type ProductSort,
  listProducts as selectProducts,
  sortKey,
} from "./store.ts";

export interface ProductQuery extends PageInput {
  readonly q?: string | undefined;
  readonly sort: ProductSort;
  /** Active ones, unless it says something else. */
  readonly status?: ProductStatus | undefined;
}

/**
 * A page of products. Without a `q` the index is not asked, so that the shop is open while it is not there. Throws
 * `UNAUTHENTICATED`, `FORBIDDEN` where drafts or archived ones are not for the caller, `UNAVAILABLE` for a search.
 */
export function listProducts(ctx: Context, input: ProductQuery): Promise<Page<Product>> {
  return list(ctx, input, presentProduct);
}

/** The same, each in JSON as the database has made it. */
export function listProductTexts(ctx: Context, input: ProductQuery): Promise<Page<string>> {
  return list(ctx, input, productText);
}

async function list<Item>(
  ctx: Context,
  input: ProductQuery,
  present: (row: ProductRow) => Item,
): Promise<Page<Item>> {
  const { sort, q = "", status = "active" } = input;
  if (status !== "active") refuseShoppers(ctx, status);
  if (q !== "") return searchProducts(ctx, { ...input, q, status }, present);
  return readPage(ctx, input, {
    kinds: ["number", "string", "string"],
    keyOf: (row) => [...sortKey(row, sort), sort],
    rows: (at, limit) => {
      requireOrder(at?.[2], sort);
      const after = at && ([at[0], at[1]] as const);
      return selectProducts({ sort, status, after, limit, look: lookOf(ctx) });
    },
    count: () => countProducts(status),
    present,
  });
}

function refuseShoppers(ctx: Context, status: ProductStatus): void {
  if (seesDrafts(ctx)) return;
  if (ctx.actor.kind === "guest") throw unauthenticated();
  throw new AppError("FORBIDDEN", `Only the shop's staff see products that are ${status}.`);
}
