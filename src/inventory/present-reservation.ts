import { toTimestamp } from "../platform/clock.ts";
import type { Context } from "../platform/context.ts";
import { findHeld, type ReservationRow } from "./holds/store.ts";
import { type Reservation, readItems } from "./reservation.ts";

/** A hold as its holder sees it: its id is a right, so this is for nobody else. */
export function presentReservation(row: ReservationRow, now: number): Reservation {
  // A hold that nobody took to the checkout is over at its end, even in the seconds before the sweep says so.
  const over = row.status === "held" && row.orderId === null && row.expiresAt <= now;
  return {
    id: row.id,
    status: over ? "expired" : row.status,
    items: readItems(row.items),
    expiresAt: toTimestamp(row.expiresAt),
    createdAt: toTimestamp(row.createdAt),
    orderId: row.orderId,
  };
}

/** Whether a hold that was made is held still; for whoever has made it. */
export async function isStillHeld(ctx: Context, { id }: Reservation): Promise<boolean> {
  const found = await ctx.db.run(findHeld(id, ctx.now()));
  return found.length > 0;
}
