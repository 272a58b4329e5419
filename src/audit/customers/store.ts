import { type SQL, sql } from "drizzle-orm";
import { breaches, type Which } from "../store.ts";

/** Of customers named `c`, each order that counts for them: those of their address, and those of the account that begins with them. */
const ordersOf = sql`(
  SELECT * FROM orders WHERE account_id IS NULL AND email = c.email
  UNION ALL SELECT * FROM orders WHERE account_id = (SELECT account_id FROM customer_accounts WHERE email = c.email))`;

const spent = (currency: SQL) => sql`coalesce(c.spent ->> ${currency}, 0)`;

/** I21: these customers have bought and spent what their orders say. */
export const customersAddUp = (customers: Which) => [
  breaches(
    "I21",
    sql`SELECT id || ': has bought ' || orders || ' times, orders ' || bought AS breach
      FROM (SELECT c.id, c.orders, (SELECT count(*) FROM ${ordersOf} WHERE status = 'paid') AS bought
        FROM customers c WHERE c.id ${customers})
      WHERE orders <> bought`,
  ),
  breaches(
    "I21",
    sql`SELECT id || ': has spent ' || spent || ', orders ' || said AS breach
      FROM (SELECT c.id, c.spent, (
          SELECT json_group_object(currency, amount) FROM (
            SELECT currency, sum(captured - refunded) AS amount FROM ${ordersOf}
            WHERE status = 'paid' OR captured > 0 GROUP BY currency)) AS said
        FROM customers c WHERE c.id ${customers}) c
      WHERE EXISTS (SELECT 1 FROM json_each(c.said) j WHERE j.value <> ${spent(sql`j.key`)})
        OR EXISTS (SELECT 1 FROM json_each(c.spent) j WHERE j.value <> coalesce(c.said ->> j.key, 0))`,
  ),
];

/** I21: whoever has bought one of these orders is a customer. */
export const buyersKnown = (orders: Which) => [
  breaches(
    "I21",
    sql`SELECT id || ': bought by nobody who is a customer' AS breach
      FROM (SELECT o.id, iif(o.account_id IS NULL, o.email,
          (SELECT email FROM customer_accounts WHERE account_id = o.account_id)) AS buyer
        FROM orders o WHERE o.id ${orders} AND +o.status = 'paid')
      WHERE buyer IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.email = buyer)`,
  ),
];
