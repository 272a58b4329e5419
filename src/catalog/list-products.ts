import type { Context } from "../platform/context.ts";
import { type Page, type PageInput, readPage } from "../platform/http/pagination.ts";
import { presentProduct } from "./present-product.ts";
import type { Product } from "./product.ts";
import {
  countProducts,
  type ProductSort,
  listProducts as selectProducts,
  sortKey,
} from "./store.ts";

export interface ProductQuery extends PageInput {
  readonly q?: string | undefined;
  readonly sort: ProductSort;
}

/** A page of active products. */
export async function listProducts(ctx: Context, input: ProductQuery): Promise<Page<Product>> {
  const { sort } = input;
  const search = toSearch(input.q);
  return readPage(ctx, input, {
    kinds: ["number", "string"],
    keyOf: (row) => sortKey(row, sort),
    rows: (after, limit) => selectProducts({ sort, search, after, limit }),
    count: () => countProducts(search),
    present: presentProduct,
  });
}

/** A letter may be typed as itself and its accents after it. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** What a person typed, as an FTS5 query: every word must occur, the last one may be a beginning. */
function toSearch(text: string | undefined): string | undefined {
  const words = (text ?? "").match(WORD);
  if (words === null) return undefined;
  return `${words.map((word) => `"${word}"`).join(" ")}*`;
}
