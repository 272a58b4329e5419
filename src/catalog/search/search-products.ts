import type { Context } from "../../platform/context.ts";
import { MAX_COUNTED } from "../../platform/db.ts";
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageInput,
  requireOrder,
  toPage,
} from "../../platform/http/pagination.ts";
import { askIndex } from "../../platform/search/ask-index.ts";
import { matchText } from "../../platform/search/words.ts";
import { lookOf } from "../look.ts";
import type { ProductStatus } from "../product-status.ts";
import {
  listFound,
  listFoundInOrder,
  type ProductRow,
  type ProductSort,
  sortKey,
} from "../store.ts";

/** The index knows one order, from new to old: any other one is made of the newest matches. */
const MAX_SORTED = 1000;

export interface ProductSearch extends PageInput {
  readonly q: string;
  readonly sort: ProductSort;
  readonly status: ProductStatus;
}

/** What becomes of each product that is found. */
type Present<Item> = (row: ProductRow) => Item;

/**
 * A page of the products that say these words. The index says which; what they are, and whether they are shown, the
 * shop's database says. In another order than newest first it is the newest 1000 of them. Throws `UNAVAILABLE`.
 */
export function searchProducts<Item>(
  ctx: Context,
  input: ProductSearch,
  present: Present<Item>,
): Promise<Page<Item>> {
  return input.sort === "newest"
    ? newestFound(ctx, input, present)
    : foundInOrder(ctx, input, present);
}

/** The cursor is where the index goes on, so that a page costs the same wherever it is. */
async function newestFound<Item>(
  ctx: Context,
  input: ProductSearch,
  present: Present<Item>,
): Promise<Page<Item>> {
  const { q, status, pageSize, cursor, include } = input;
  const found = await askIndex(ctx, {
    ...{ kind: "products", match: matching(q, status), limit: pageSize + 1 },
    newest: decodeCursor(cursor, ["number"])?.[0],
    counted: include === undefined ? undefined : MAX_COUNTED,
  });
  const { seqs, ...total } = found;
  const next = seqs[pageSize];
  const shown = seqs.slice(0, pageSize);
  const rows =
    shown.length === 0 ? [] : await ctx.db.run(listFound(shown, { status, look: lookOf(ctx) }));
  return {
    items: rows.map(present),
    pageSize,
    nextCursor: next === undefined ? null : encodeCursor([next]),
    ...total,
  };
}

/** The cursor also keeps the newest match there was: later ones would push others out of the 1000 on the way. */
async function foundInOrder<Item>(
  ctx: Context,
  input: ProductSearch,
  present: Present<Item>,
): Promise<Page<Item>> {
  const { q, status, sort, pageSize, cursor, include } = input;
  const after = decodeCursor(cursor, ["number", "string", "number", "string"]);
  requireOrder(after?.[3], sort);
  const found = await askIndex(ctx, {
    ...{ kind: "products", match: matching(q, status), limit: MAX_SORTED },
    newest: after?.[2],
    counted: include === undefined ? undefined : MAX_SORTED,
  });
  const { seqs, ...total } = found;
  const [newest] = seqs;
  if (newest === undefined) return { items: [], pageSize, nextCursor: null, ...total };
  const rows = await ctx.db.run(
    listFoundInOrder(seqs, {
      ...{ status, sort, limit: pageSize + 1, look: lookOf(ctx) },
      after: after && [after[0], after[1]],
    }),
  );
  const keyOf = (row: ProductRow) => [...sortKey(row, sort), newest, sort] as const;
  return { ...toPage(rows, pageSize, keyOf, present), ...total };
}

/** What a person typed, of the products of a status; undefined where there is no word in it. */
function matching(q: string, status: ProductStatus): string | undefined {
  const match = matchText(q);
  return match && `status : ${status} AND ${match}`;
}
