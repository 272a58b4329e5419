import * as z from "zod";
import { accountOf, isStaff } from "../../platform/access.ts";
import type { Context } from "../../platform/context.ts";
import { MAX_COUNTED } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import {
  decodeCursor,
  encodeCursor,
  newestFirst,
  type Page,
  type PageInput,
  toPage,
} from "../../platform/http/pagination.ts";
import { storedJson } from "../../platform/stored-json.ts";
import type { Order } from "../order.ts";
import { presentOrder } from "../present-order.ts";
import { searchOrders } from "../search/search-orders.ts";
import type { StoredOrder } from "../store.ts";
import type { OrderFilter } from "./order-filter.ts";
import { countOrders, findEnd, listOrders as selectOrders } from "./store.ts";
import { walkOf } from "./walk.ts";

export interface OrderQuery extends PageInput, OrderFilter {
  /** Words, for staff. */
  readonly q?: string | undefined;
}

/** A page of orders, newest first: of all accounts for staff, of their own for everyone else. Throws as below. */
export async function listOrders(ctx: Context, input: OrderQuery): Promise<Page<Order>> {
  const page = await listStoredOrders(ctx, input);
  return { ...page, items: page.items.map(presentOrder) };
}

/** The same with all that is known of them. Throws `FORBIDDEN` for a search by anybody but staff, `UNAVAILABLE` for theirs. */
export async function listStoredOrders(
  ctx: Context,
  input: OrderQuery,
): Promise<Page<StoredOrder>> {
  const { q = "", ...filter } = input;
  const staff = isStaff(ctx.actor, "orders:read");
  if (q !== "" && !staff) throw forStaff();
  if (q !== "") return searchOrders(ctx, { ...filter, q });
  return walk(ctx, input, staff ? filter : { ...filter, accountId: accountOf(ctx) ?? "" });
}

/**
 * A page in one round trip. One that looks at no more than so many may have fewer orders than it was asked for, or none,
 * and another page after it all the same.
 */
async function walk(
  ctx: Context,
  { cursor, pageSize, include }: PageInput,
  filter: OrderFilter,
): Promise<Page<StoredOrder>> {
  const after = decodeCursor(cursor, newestFirst.kinds);
  const rows = selectOrders(filter, after, pageSize + 1);
  const asPage = (found: readonly StoredOrder[]) =>
    toPage(found, pageSize, newestFirst.keyOf, (row) => row);
  const plain = include === undefined && !walkOf(filter).bounded;
  if (plain) return asPage(await ctx.db.run(rows));
  const end = findEnd(filter, after, pageSize + 1);
  if (include === undefined) {
    const [found, [last]] = await ctx.db.batch([rows, end]);
    return goingOn(asPage(found), last);
  }
  const [found, [last], [count]] = await ctx.db.batch([rows, end, countOrders(filter)]);
  return { ...goingOn(asPage(found), last), ...totalOf(count) };
}

function goingOn(
  page: Page<StoredOrder>,
  end: { readonly last: string | null } | undefined,
): Page<StoredOrder> {
  const { last = null } = end ?? {};
  if (last === null) return page;
  const { time, id } = placeOf(last);
  return { ...page, nextCursor: encodeCursor([time, id]) };
}

const placeOf = storedJson(z.strictObject({ time: z.int(), id: z.string() }));

/** Of those that were looked at as many as fit; there may be more where that was not all. */
function totalOf(
  count: { readonly looked: number; readonly total: number | null } | undefined,
): Pick<Page<never>, "total" | "totalCapped"> {
  const { looked = 0, total } = count ?? {};
  const known = { total: Math.min(total ?? 0, MAX_COUNTED) };
  return looked > MAX_COUNTED ? { ...known, totalCapped: true } : known;
}

function forStaff(): AppError {
  return new AppError(
    "FORBIDDEN",
    "Only the shop's staff find orders by words. Yours are listed without q, and by number, sku, from and to.",
  );
}
