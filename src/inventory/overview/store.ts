import { sql } from "drizzle-orm";
import { countRows, query } from "../../platform/db.ts";
import type { ReservationRow } from "../holds/store.ts";
import { itemsOfHold } from "../store.ts";

export interface ReservationFilter {
  readonly status: ReservationRow["status"];
  readonly sku?: string | undefined;
  readonly caller?: string | undefined;
}

const listed = ({ status, sku, caller }: ReservationFilter) => sql`
  ${sku === undefined ? sql`reservations r` : sql`reservation_lines f CROSS JOIN reservations r ON r.id = f.reservation_id`}
  WHERE r.status = ${status}
    ${caller === undefined ? sql`` : sql`AND r.caller = ${caller}`} ${sku === undefined ? sql`` : sql`AND f.sku = ${sku}`}`;

export interface ListedReservation
  extends Omit<ReservationRow, "callerLimit" | "actor" | "requestId" | "changedAt" | "endedAt"> {
  readonly seq: number;
}

/** Holds, newest first: ids sort by the time of their making. `beforeSeq` is the last row's, which says nothing of its id. */
export function listReservations(
  filter: ReservationFilter,
  beforeSeq: number | undefined,
  limit: number,
) {
  const id = filter.sku === undefined ? sql`r.id` : sql`f.reservation_id`;
  const before = sql`AND ${id} < (SELECT id FROM reservations WHERE rowid = ${beforeSeq})`;
  return query.all<ListedReservation>(sql`
    SELECT r.rowid AS seq, r.id, r.ref, r.status, r.order_id AS "orderId", r.account_id AS "accountId", r.caller,
      r.created_at AS "createdAt", r.expires_at AS "expiresAt",
      ${itemsOfHold(sql`r.id`)} AS items
    FROM ${listed(filter)} ${beforeSeq === undefined ? sql`` : before} ORDER BY ${id} DESC LIMIT ${limit}`);
}

export function countReservations(filter: ReservationFilter) {
  return countRows(listed(filter));
}
