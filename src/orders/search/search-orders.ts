import type { Context } from "../../platform/context.ts";
import { MAX_COUNTED } from "../../platform/db.ts";
import {
  decodeCursor,
  encodeCursor,
  type Page,
  type PageInput,
} from "../../platform/http/pagination.ts";
import { askAll, askIndex } from "../../platform/search/ask-index.ts";
import { findMatches } from "../../platform/search/store.ts";
import type { OrderFilter } from "../listing/order-filter.ts";
import { LOOKED_AT } from "../listing/store.ts";
import type { StoredOrder } from "../store.ts";
import { matchOrder, type OrderMatch } from "./match-order.ts";
import { countNumbered, isFiltered, listNumbered } from "./store.ts";

export interface OrderSearch extends PageInput, OrderFilter {
  readonly q: string;
}

type Total = Pick<Page<never>, "total" | "totalCapped">;

/** What the index has found for a page, and what is to be said of how many there are. */
interface Matches {
  readonly seqs: readonly number[];
  /** All matches, as far as they are counted, where the database has to say which of them fit. */
  readonly all?: readonly number[];
  readonly total?: Total;
}

/**
 * A page of the orders that say these words, newest number first, for staff. The index says which; what they are, and
 * whether they fit the filters, the shop's database says. With filters a page looks at so many matches and no more: it may
 * have fewer orders than it was asked for, and another page after it all the same. Throws `UNAVAILABLE`.
 */
export async function searchOrders(ctx: Context, input: OrderSearch): Promise<Page<StoredOrder>> {
  const { q, pageSize, cursor } = input;
  const from = decodeCursor(cursor, ["number"])?.[0];
  const sought = matchOrder(q);
  const limit = isFiltered(input) ? LOOKED_AT : pageSize + 1;
  const { seqs, all, total } = await askFor(ctx, input, { sought, from, limit });
  const last = seqs.length < limit ? undefined : seqs.at(-1);
  const numbers = withNumber(seqs, sought, { from, last });
  const [rows, counted] = await readFitting(ctx, input, {
    numbers,
    all: all && withNumber(all, sought, { from: undefined, last: undefined }),
  });
  const next = rows[pageSize]?.number ?? (last === undefined ? undefined : last - 1);
  return {
    items: rows.slice(0, pageSize),
    pageSize,
    nextCursor: next === undefined ? null : encodeCursor([next]),
    ...total,
    ...counted,
  };
}

interface Asked {
  readonly sought: OrderMatch;
  /** The number that the page begins at; undefined: the newest of all. */
  readonly from: number | undefined;
  readonly limit: number;
}

/** Which of the matches fit, and whether the index has an order of this number, the database has to say. */
async function askFor(
  ctx: Context,
  input: OrderSearch,
  { sought: { match, number }, from: newest, limit }: Asked,
): Promise<Matches> {
  const kind = "orders";
  const counts = input.include !== undefined;
  if (match === undefined || !counts || !(isFiltered(input) || number !== undefined)) {
    const counted = counts ? MAX_COUNTED : undefined;
    const { seqs, ...total } = await askIndex(ctx, { kind, match, newest, limit, counted });
    return { seqs, total };
  }
  const everything = { newest: undefined, limit: MAX_COUNTED + 1 };
  const [page, all] = await askAll(ctx, kind, [
    findMatches(kind, match, { newest, limit }),
    findMatches(kind, match, everything),
  ]);
  return { seqs: page.map(({ seq }) => seq), all: all.map(({ seq }) => seq) };
}

/** An order is found by its number also where the index does not have it; on the page where it belongs. */
function withNumber(
  seqs: readonly number[],
  { number }: OrderMatch,
  { from = Number.MAX_SAFE_INTEGER, last = 0 }: Record<"from" | "last", number | undefined>,
): readonly number[] {
  if (number === undefined || number > from || number < last) return seqs;
  return [...new Set([...seqs, number])];
}

interface Wanted {
  readonly numbers: readonly number[];
  readonly all: readonly number[] | undefined;
}

/** The orders of a page that fit, one more than it shows, and how many of all there are. */
async function readFitting(
  ctx: Context,
  input: OrderSearch,
  { numbers, all }: Wanted,
): Promise<readonly [readonly StoredOrder[], Total]> {
  if (all === undefined && numbers.length === 0) return [[], {}];
  const page = listNumbered(numbers, input, input.pageSize + 1);
  if (all === undefined) return [await ctx.db.run(page), {}];
  const [rows, [count]] = await ctx.db.batch([page, countNumbered(all, input)]);
  const total = Math.min(count?.total ?? 0, MAX_COUNTED);
  return [rows, all.length > MAX_COUNTED ? { total, totalCapped: true } : { total }];
}
