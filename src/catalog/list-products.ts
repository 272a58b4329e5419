import type { Context } from "../platform/context.ts";
import { decodeCursor, type Page, toPage } from "../platform/http/pagination.ts";
import { presentProduct } from "./present-product.ts";
import type { Product } from "./product.ts";
import {
  countProducts,
  type ProductSort,
  listProducts as selectProducts,
  sortKey,
} from "./store.ts";

export interface ProductQuery {
  readonly q?: string | undefined;
  readonly sort: ProductSort;
  readonly cursor?: string | undefined;
  readonly pageSize: number;
  readonly include?: "total" | undefined;
}

/** A page of active products. */
export async function listProducts(ctx: Context, input: ProductQuery): Promise<Page<Product>> {
  const search = toSearch(input.q);
  const rows = selectProducts({
    sort: input.sort,
    search,
    after: decodeCursor(input.cursor, ["number", "string"]),
    limit: input.pageSize + 1,
  });
  if (input.include !== "total") {
    return toPage(
      await ctx.db.run(rows),
      input.pageSize,
      (row) => sortKey(row, input.sort),
      presentProduct,
    );
  }
  const [found, [count]] = await ctx.db.batch([rows, countProducts(search)]);
  const page = toPage(found, input.pageSize, (row) => sortKey(row, input.sort), presentProduct);
  return { ...page, total: count?.total ?? 0 };
}

/** A letter may be typed as itself and its accents after it. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** What a person typed, as an FTS5 query: every word must occur, the last one may be a beginning. */
function toSearch(text: string | undefined): string | undefined {
  const words = (text ?? "").match(WORD);
  if (words === null) return undefined;
  return `${words.map((word) => `"${word}"`).join(" ")}*`;
}
