import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import type { Item } from "../reservation.ts";

/** How many holds count against a caller's limit: the trigger counts the same. */
export function countHolds(caller: string, now: number) {
  return query.all<{ held: number }>(sql`
    SELECT count(*) AS held FROM reservations
    WHERE caller = ${caller} AND status = 'held' AND (order_id IS NOT NULL OR expires_at > ${now})`);
}

/** Items, which `holdId` may be about to hold in place of others, or those of a hold. */
export type Asked =
  | {
      readonly items: readonly Item[];
      readonly holdId?: string | undefined;
      readonly reservationId?: undefined;
    }
  | { readonly reservationId: string; readonly holdId?: undefined; readonly items?: undefined };

export interface Taken {
  readonly sku: string;
  readonly quantity: number;
  readonly maxPerOrder: number;
  readonly maxPerCustomer: number | null;
  /** What the customer has of it besides. */
  readonly units: number;
}

/** What is asked for, beside its limits and what counts against them: the triggers count the same. */
export function findTaken(
  customer: Asked & { readonly accountId: string | null; readonly email: string | null },
) {
  const { items, holdId = "", reservationId = holdId, accountId, email } = customer;
  const asked =
    items === undefined
      ? sql`SELECT sku, quantity, max_per_customer AS kept FROM reservation_lines WHERE reservation_id = ${reservationId}`
      : sql`SELECT value ->> 'sku' AS sku, value ->> 'quantity' AS quantity, NULL AS kept FROM json_each(${JSON.stringify(items)})`;
  return query.all<Taken>(sql`
    SELECT a.sku, a.quantity, v.max_per_order AS "maxPerOrder",
      iif(a.kept = 0, NULL, max(v.max_per_customer, coalesce(a.kept, 0))) AS "maxPerCustomer",
      (SELECT coalesce(sum(l.quantity), 0) FROM reservations h JOIN reservation_lines l ON l.reservation_id = h.id
        WHERE h.account_id = ${accountId} AND h.status = 'held' AND h.order_id IS NULL AND h.id <> ${reservationId} AND l.sku = a.sku)
      + (SELECT coalesce(sum(units), 0) FROM bought_units WHERE sku = a.sku AND order_id IN (
          SELECT id FROM orders WHERE account_id = ${accountId} UNION SELECT id FROM orders WHERE email = ${email}
          UNION SELECT id FROM orders WHERE account_id IN (SELECT account_id FROM users WHERE email = ${email})
          UNION SELECT id FROM orders WHERE email IN (SELECT email FROM users WHERE account_id = ${accountId}))) AS units
    FROM (${asked}) a CROSS JOIN variants v ON v.sku = a.sku`);
}
