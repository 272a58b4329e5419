import { accountOf } from "../platform/access.ts";
import { toTimestamp } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import { type Reservation, storedItems } from "./reservation.ts";
import { findReservation, type ReservationRow } from "./store.ts";

/** The hold with this id; whoever knows the id of a guest's hold may see it. Throws `NOT_FOUND`. */
export async function getReservation(
  ctx: Context,
  input: { readonly id: string },
): Promise<Reservation> {
  const [row] = await ctx.db.run(findReservation(input.id, accountOf(ctx)));
  if (row === undefined) throw notFound("reservation");
  return presentReservation(row, ctx.now());
}

function presentReservation(row: ReservationRow, now: number): Reservation {
  // A hold that nobody took to the checkout is over at its end, even in the seconds before the sweep says so.
  const over = row.status === "held" && row.orderId === null && row.expiresAt <= now;
  return {
    id: row.id,
    status: over ? "expired" : row.status,
    items: storedItems.parse(JSON.parse(row.items)),
    expiresAt: toTimestamp(row.expiresAt),
    createdAt: toTimestamp(row.createdAt),
    orderId: row.orderId,
  };
}
