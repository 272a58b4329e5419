import {
  findReservation,
  orderOfHold,
  presentReservation,
  type Reservation,
  type ReservationRow,
} from "../inventory/index.ts";
import { accountOf } from "../platform/access.ts";
import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import { isTokenOf } from "./order-token.ts";
import { findOrderWhere, type StoredOrder } from "./store.ts";

export interface HoldAccess {
  readonly id: string;
  /** The order's, where there is one. */
  readonly token: string | undefined;
}

/** The statements that find a hold with its order, for `isHolder` to judge. */
export function findHoldAndOrder(ctx: Context, id: string) {
  return [findReservation(id, accountOf(ctx)), findOrderWhere(orderOfHold(id))] as const;
}

/**
 * Whose a hold is. Made with an account it is that account's, which the row was found by. A guest's is whoever's who
 * knows its id, until it has an order with somebody's data: from then on it takes what opens the order, its token or its
 * account.
 */
export async function isHolder(
  ctx: Context,
  row: ReservationRow | undefined,
  { order, token }: { readonly order: StoredOrder | undefined } & Pick<HoldAccess, "token">,
): Promise<boolean> {
  if (row === undefined) return false;
  if (row.accountId !== null || order === undefined) return true;
  const accountId = accountOf(ctx);
  if (accountId !== null && order.accountId === accountId) return true;
  return isTokenOf(ctx, order.id, token);
}

/** A hold with the order that has taken it over, for its holder. Throws `NOT_FOUND`. */
export async function openHold(
  ctx: Context,
  { id, token }: HoldAccess,
): Promise<{ readonly reservation: Reservation; readonly order: StoredOrder | undefined }> {
  const [[row], [order]] = await ctx.db.batch(findHoldAndOrder(ctx, id));
  if (row === undefined || !(await isHolder(ctx, row, { order, token })))
    throw notFound("reservation");
  return { reservation: presentReservation(row, ctx.now()), order };
}
