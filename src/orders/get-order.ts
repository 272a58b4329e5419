import { accountOf, isStaff } from "../platform/access.ts";
import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import {
  decodeCursor,
  newestFirst,
  type Page,
  type PageInput,
  readPage,
  toPage,
} from "../platform/http/pagination.ts";
import { listOrderEvents as selectEvents } from "./events/store.ts";
import { countOrders, type OrderFilter, listOrders as selectOrders } from "./listing/store.ts";
import type { Order, OrderEvent } from "./order.ts";
import { orderGate } from "./order-token.ts";
import { presentOrder, presentOrderEvent } from "./present-order.ts";
import { findOrder, type StoredOrder } from "./store.ts";

export interface OrderAccess {
  readonly id: string;
  readonly token: string | undefined;
}

/** One order, for those who may read it. Throws `NOT_FOUND`, `UNAUTHENTICATED`. */
export async function getOrder(ctx: Context, input: OrderAccess): Promise<Order> {
  return presentOrder(await readStoredOrder(ctx, input));
}

/** The same with all that is known of it. */
export async function readStoredOrder(ctx: Context, input: OrderAccess): Promise<StoredOrder> {
  const mayRead = await orderGate(ctx, input);
  const [row] = await ctx.db.run(findOrder(input.id));
  if (row === undefined || !mayRead(row)) throw notFound("order");
  return row;
}

/** A page of orders, newest first: of all accounts for staff, of their own for everyone else. */
export async function listOrders(
  ctx: Context,
  input: PageInput & OrderFilter,
): Promise<Page<Order>> {
  const page = await listStoredOrders(ctx, input);
  return { ...page, items: page.items.map(presentOrder) };
}

/** The same with all that is known of them. */
export async function listStoredOrders(
  ctx: Context,
  input: PageInput & OrderFilter,
): Promise<Page<StoredOrder>> {
  const filter = isStaff(ctx.actor, "orders:read")
    ? input
    : { ...input, accountId: accountOf(ctx) ?? "" };
  return readPage(ctx, input, {
    ...newestFirst,
    rows: (after, limit) => selectOrders(filter, after, limit),
    count: () => countOrders(filter),
    present: (row) => row,
  });
}

/** A page of an order's history, oldest first. Throws `NOT_FOUND`, `UNAUTHENTICATED`. */
export async function listOrderEvents(
  ctx: Context,
  input: OrderAccess & PageInput,
): Promise<Page<OrderEvent>> {
  const mayRead = await orderGate(ctx, input);
  const after = decodeCursor(input.cursor, ["number"])?.[0] ?? 0;
  const [rows, [order]] = await ctx.db.batch([
    selectEvents(input.id, after, input.pageSize + 1),
    findOrder(input.id),
  ]);
  if (order === undefined || !mayRead(order)) throw notFound("order");
  const forStaff = isStaff(ctx.actor, "orders:read");
  const present = (row: (typeof rows)[number]) => presentOrderEvent(row, forStaff);
  const page = toPage(rows, input.pageSize, (row) => [row.seq], present);
  return input.include === "total" ? { ...page, total: order.version } : page;
}
