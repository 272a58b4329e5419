import * as z from "zod";
import { isStaff } from "../../platform/access.ts";
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
      description:
        "Null for a guest's hold where the caller may not release it: whoever knows its id has a right to it.",
    }),
    accountId: z.string().nullable(),
    caller: z.string().meta({
      description:
        "Whose holds are counted together: an account, a key, or the guests at an address, by a keyed hash.",
    }),
  })
  .meta({ id: "ListedReservation" });
type Listed = z.infer<typeof listedReservationSchema>;

/** A page of holds, newest first. A guest's id is shown to those alone who may release it. */
export function listReservations(
  ctx: Context,
  input: PageInput & ReservationFilter,
): Promise<Page<Listed>> {
  const mayRelease = isStaff(ctx.actor, "orders:write");
  return readPage(ctx, input, {
    // Not the id: a cursor can be read.
    kinds: ["number"],
    keyOf: ({ seq }: ListedReservation) => [seq],
    rows: (before, limit) => selectReservations(input, before?.[0], limit),
    count: () => countReservations(input),
    present: (row) => present(row, mayRelease, ctx.now()),
  });
}

function present(row: ListedReservation, mayRelease: boolean, now: number): Listed {
  const { accountId, caller, orderId } = row;
  const over = row.status === "held" && orderId === null && row.expiresAt <= now;
  return {
    id: mayRelease || accountId !== null ? row.id : null,
    status: over ? "expired" : row.status,
    items: readItems(row.items),
    expiresAt: toTimestamp(row.expiresAt),
    createdAt: toTimestamp(row.createdAt),
    ...{ orderId, accountId, caller },
  };
}
