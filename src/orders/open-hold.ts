import {
  ANY_HOLDER,
  findReservation,
  type Holder,
  idCalledByStaff,
  orderOfHold,
  presentReservation,
  type Reservation,
  type ReservationRow,
} from "../inventory/index.ts";
import { accountOf, isStaff } from "../platform/access.ts";
import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import { sha256 } from "../platform/hash.ts";
import { sameSecret } from "../platform/own-token.ts";
import { isTokenOf } from "./order-token.ts";
import { findOrderWhere, type StoredOrder } from "./store.ts";

export interface HoldAccess {
  readonly id: string;
  /** The order's, where there is one. */
  readonly token?: string | undefined;
  /** The secret of the browser that asks; that of the one which made the order opens it. */
  readonly browser?: string | undefined;
}

/** What an order keeps of the secret of the browser that made it. */
export function browserHashOf(secret: string): Promise<string> {
  return sha256(secret);
}

/** The statements that find a hold with its order, for `isHolder` to judge. */
export function findHoldAndOrder(id: string, holder: Holder) {
  return [findReservation(id, holder), findOrderWhere(orderOfHold(id))] as const;
}

/**
 * Whose a hold is. Made with an account it is that account's, which the row was found by. A guest's is whoever's who
 * knows its id, until it has an order with somebody's data: from then on it takes what opens the order, its token, its
 * account, or the browser that made it.
 */
export async function isHolder(
  ctx: Context,
  row: ReservationRow | undefined,
  { order, token, browser }: { readonly order: StoredOrder | undefined } & Omit<HoldAccess, "id">,
): Promise<boolean> {
  if (row === undefined) return false;
  if (row.accountId !== null || order === undefined) return true;
  const accountId = accountOf(ctx);
  if (accountId !== null && order.accountId === accountId) return true;
  const { browserHash } = order;
  if (browser !== undefined && browserHash !== null)
    if (await sameSecret(await browserHashOf(browser), browserHash)) return true;
  return isTokenOf(ctx, order.id, token);
}

/** A hold with the order that has taken it over, for its holder. Throws `NOT_FOUND`. */
export async function openHold(
  ctx: Context,
  { id, ...access }: HoldAccess,
): Promise<{ readonly reservation: Reservation; readonly order: StoredOrder | undefined }> {
  const [[row], [order]] = await ctx.db.batch(findHoldAndOrder(id, accountOf(ctx)));
  if (row === undefined || !(await isHolder(ctx, row, { order, ...access })))
    throw notFound("reservation");
  return { reservation: presentReservation(row, ctx.now()), order };
}

/**
 * A hold for its holder, or for staff, who are shown the name they called it by: a guest's id is a right. Throws
 * `NOT_FOUND`.
 */
export async function readHold(ctx: Context, access: HoldAccess): Promise<Reservation> {
  if (!isStaff(ctx.actor, "orders:read")) return (await openHold(ctx, access)).reservation;
  const id = await idCalledByStaff(ctx, access.id);
  const [row] = await ctx.db.run(findReservation(id, ANY_HOLDER));
  if (row === undefined) throw notFound("reservation");
  return { ...presentReservation(row, ctx.now()), id: access.id };
}
