import * as z from "zod";
import { toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { type Page, type PageInput, readPage } from "../../platform/http/pagination.ts";
import { readItems, reservationSchema } from "../reservation.ts";
import {
  countReservations,
  type ListedReservation,
  type ReservationFilter,
  listReservations as selectReservations,
} from "./store.ts";

/** A hold as staff see it among others. */
export const listedReservationSchema = reservationSchema
  .extend({
    id: z.string().nullable().meta({
      description: "Null for a guest's hold: whoever knows its id has a right to it.",
    }),
    ref: z.string().meta({
      description:
        "What staff and the ledger call a hold by. It opens nothing to others; staff read and release the hold by it.",
      example: "hld_…",
    }),
    accountId: z.string().nullable(),
    caller: z.string().meta({
      description:
        "Whose holds are counted together: an account, a key, or the guests at an address, by a keyed hash.",
    }),
  })
  .meta({ id: "ListedReservation" });
type Listed = z.infer<typeof listedReservationSchema>;

/** A page of holds, newest first, without the ids that are a guest's right. */
export function listReservations(
  ctx: Context,
  input: PageInput & ReservationFilter,
): Promise<Page<Listed>> {
  return readPage(ctx, input, {
    // Not the id: a cursor can be read.
    kinds: ["number"],
    keyOf: ({ seq }: ListedReservation) => [seq],
    rows: (before, limit) => selectReservations(input, before?.[0], limit),
    count: () => countReservations(input),
    present: (row) => present(row, ctx.now()),
  });
}

function present(row: ListedReservation, now: number): Listed {
  const { ref, accountId, caller, orderId } = row;
  const over = row.status === "held" && orderId === null && row.expiresAt <= now;
  return {
    id: accountId === null ? null : row.id,
    status: over ? "expired" : row.status,
    items: readItems(row.items),
    expiresAt: toTimestamp(row.expiresAt),
    createdAt: toTimestamp(row.createdAt),
    ...{ ref, orderId, accountId, caller },
  };
}
