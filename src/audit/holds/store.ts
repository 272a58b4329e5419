import { type SQL, sql } from "drizzle-orm";
import { breaches, type Which } from "../store.ts";

/** What a hold was made under, if its variant's limits have not changed since: then they were another's. */
const asMade = sql`r.created_at >= v.updated_at`;

/** I18, of what is held and waits for its money. */
export const holdsWithinLimits = () => [
  breaches(
    "I18",
    sql`SELECT r.caller || ': ' || l.quantity || ' of ' || l.sku || ' in one hold, and an order may have ' || v.max_per_order AS breach
      FROM reservations r CROSS JOIN reservation_lines l ON l.reservation_id = r.id CROSS JOIN variants v ON v.sku = l.sku
      WHERE r.status = 'held' AND l.quantity > v.max_per_order AND ${asMade}`,
  ),
  breaches(
    "I18",
    sql`SELECT DISTINCT caller || ': ' || held || ' unpaid holds at once, and there may be ' || caller_limit AS breach
      FROM (SELECT r.caller, r.caller_limit, (
          SELECT count(*) FROM reservations h WHERE h.caller = r.caller AND h.status = 'held' AND h.rowid <= r.rowid
            AND (h.order_id IS NOT NULL OR h.expires_at > r.created_at)) AS held
        FROM reservations r WHERE r.status = 'held') WHERE held > caller_limit`,
  ),
  breaches(
    "I18",
    sql`SELECT min(o.id) || ': ' || sum(l.quantity) || ' of ' || l.sku || ' wait for payments of one address, and ' || v.max_per_customer || ' may' AS breach
      FROM orders o CROSS JOIN order_lines l ON l.order_id = o.id CROSS JOIN variants v ON v.sku = l.sku
        CROSS JOIN reservations r ON r.id = o.reservation_id
      WHERE o.status = 'pending_payment' AND +o.payment_status = 'unpaid' AND o.email IS NOT NULL AND ${asMade}
      GROUP BY o.email, l.sku HAVING sum(l.quantity) > v.max_per_customer`,
  ),
];

/** I18: these holds count against whoever has them. */
export const holdsCounted = (holds: Which) => [
  breaches(
    "I18",
    sql`SELECT account_id || ': a hold that counts against ' || caller AS breach
      FROM reservations WHERE id ${holds} AND account_id IS NOT NULL AND caller <> account_id`,
  ),
];

export const accountsOf = (orders: Which) =>
  sql`(SELECT account_id FROM orders WHERE id ${orders} AND account_id IS NOT NULL)`;

export const holdingAccounts = sql`(
  SELECT account_id FROM reservations INDEXED BY reservations_of_account WHERE status = 'held' AND account_id IS NOT NULL)`;

/**
 * I18: no account holds more than a variant's limits allow. An order whose money went back, or was asked back, is left out
 * of what a customer has: a refund that fails later gives nobody more than they may have.
 */
export const accountsWithinLimits = (accounts: SQL) => [
  breaches(
    "I18",
    sql`SELECT account_id || ': holds and has bought ' || sum(units) || ' of ' || sku || ', and may ' || max_per_customer AS breach
      FROM (
        SELECT r.account_id, l.sku, l.quantity AS units, v.max_per_customer
        FROM reservations r INDEXED BY reservations_of_account
          CROSS JOIN reservation_lines l ON l.reservation_id = r.id CROSS JOIN variants v ON v.sku = l.sku
        WHERE r.account_id IN ${accounts} AND r.status = 'held' AND ${asMade}
        UNION ALL
        SELECT r.account_id, b.sku, b.units, v.max_per_customer
        FROM bought_units b JOIN orders o ON o.id = b.order_id JOIN reservations r ON r.id = o.reservation_id
          JOIN variants v ON v.sku = b.sku
        WHERE b.order_id IN (SELECT id FROM orders WHERE account_id IN ${accounts})
          AND o.status = 'paid' AND r.account_id = o.account_id AND ${asMade}
          AND NOT EXISTS (SELECT 1 FROM refunds WHERE order_id = o.id) AND NOT EXISTS (SELECT 1 FROM disputes WHERE order_id = o.id))
      GROUP BY account_id, sku HAVING sum(units) > max_per_customer`,
  ),
];
