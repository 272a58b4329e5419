import { type SQL, sql } from "drizzle-orm";
import { breaches, type Which, wasPaid } from "../store.ts";

/** The shop's day at a moment, as the triggers find it. */
const dayOf = (at: SQL) => sql`date((${at} + (
  SELECT offset_ms FROM zone_offsets WHERE since <= ${at} ORDER BY since DESC LIMIT 1)) / 1000, 'unixepoch')`;

/** All moments of a day of the shop, and some before and after it: no clock is farther from UTC than 14 hours. */
const around = (at: SQL) =>
  sql`${at} BETWEEN unixepoch(d.day) * 1000 - 54000000 AND unixepoch(d.day) * 1000 + 140400000`;

/** I20: what the reports say of these days is what was sold and what went back on them. */
export const daysAddUp = (days: Which) => [
  breaches(
    "I20",
    sql`SELECT day || ' ' || currency || ': ' || orders || ' orders of ' || total || ', sold ' || sold || ' of ' || came AS breach
      FROM (SELECT d.*, count(o.id) AS sold, coalesce(sum(o.total), 0) AS came, coalesce(sum(o.subtotal), 0) AS goods,
          coalesce(sum(o.discount), 0) AS less, coalesce(sum(o.shipping), 0) AS sent, coalesce(sum(o.tax), 0) AS taxed,
          coalesce(sum((SELECT sum(quantity) FROM order_lines WHERE order_id = o.id)), 0) AS bought
        FROM (SELECT * FROM sales_days WHERE day ${days}) d
        LEFT JOIN order_events e ON e.type = 'order.paid' AND ${around(sql`e.created_at`)} AND ${dayOf(sql`e.created_at`)} = d.day
        LEFT JOIN orders o ON o.id = e.order_id AND o.currency = d.currency
        GROUP BY d.day, d.currency)
      WHERE (orders, total, subtotal, discount, shipping, tax, units) <> (sold, came, goods, less, sent, taxed, bought)`,
  ),
  breaches(
    "I20",
    sql`SELECT day || ' ' || currency || ': ' || refunds || ' refunds of ' || refunded || ', went back ' || done || ' of ' || back AS breach
      FROM (SELECT d.*, count(r.id) AS done, coalesce(sum(r.amount), 0) AS back
        FROM (SELECT * FROM sales_days WHERE day ${days}) d
        LEFT JOIN refunds r ON r.counted_at IS NOT NULL AND r.currency = d.currency
          AND ${around(sql`r.counted_at`)} AND ${dayOf(sql`r.counted_at`)} = d.day
        GROUP BY d.day, d.currency)
      WHERE (refunds, refunded) <> (done, back)`,
  ),
  breaches(
    "I20",
    sql`SELECT day || ' ' || currency || ': ' || units || ' units of ' || subtotal || ', by SKU ' || sold || ' of ' || came AS breach
      FROM (SELECT d.*, coalesce(sum(p.units), 0) AS sold, coalesce(sum(p.revenue), 0) AS came
        FROM (SELECT * FROM sales_days WHERE day ${days}) d
        LEFT JOIN product_days p ON p.day = d.day AND p.currency = d.currency
        GROUP BY d.day, d.currency)
      WHERE (units, subtotal) <> (sold, came)`,
  ),
];

/** I20: each of these orders is counted on its day, and each of their refunds that stands. */
export const countedOnce = (orders: Which) => [
  breaches(
    "I20",
    sql`SELECT o.id || ': sold, and counted on no day' AS breach
      FROM orders o CROSS JOIN order_events e ON e.order_id = o.id AND e.type = 'order.paid'
      WHERE o.id ${orders} AND NOT EXISTS (
        SELECT 1 FROM sales_days d WHERE d.day = ${dayOf(sql`e.created_at`)} AND d.currency = o.currency AND d.orders > 0)`,
  ),
  breaches(
    "I20",
    sql`SELECT r.id || ': ' || r.status || ', and ' || iif(r.counted_at IS NULL, 'not counted', 'counted') AS breach
      FROM orders o CROSS JOIN refunds r ON r.order_id = o.id
      WHERE o.id ${orders} AND (r.counted_at IS NOT NULL) <> (r.status = 'succeeded' AND ${wasPaid})`,
  ),
];
