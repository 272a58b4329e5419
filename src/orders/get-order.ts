import { isStaff } from "../platform/access.ts";
import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import {
  decodeCursor,
  type Page,
  type PageInput,
  toPage,
  totalOf,
} from "../platform/http/pagination.ts";
import { countOrderEvents, listOrderEvents as selectEvents } from "./events/store.ts";
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

/** A page of an order's history, oldest first. Throws `NOT_FOUND`, `UNAUTHENTICATED`. */
export async function listOrderEvents(
  ctx: Context,
  input: OrderAccess & PageInput,
): Promise<Page<OrderEvent>> {
  const mayRead = await orderGate(ctx, input);
  const after = decodeCursor(input.cursor, ["number"])?.[0] ?? 0;
  const forStaff = isStaff(ctx.actor, "orders:read");
  const [rows, [order], [count]] = await ctx.db.batch([
    selectEvents(input.id, { afterSeq: after, limit: input.pageSize + 1, forStaff }),
    findOrder(input.id),
    countOrderEvents(input.id, forStaff),
  ]);
  if (order === undefined || !mayRead(order)) throw notFound("order");
  const present = (row: (typeof rows)[number]) => presentOrderEvent(row, forStaff);
  const page = toPage(rows, input.pageSize, (row) => [row.seq], present);
  return input.include === "total" ? { ...page, ...totalOf(count?.total ?? 0) } : page;
}
