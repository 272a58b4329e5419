/**
 * Fills a shop's database file as years of selling would: in every state, such that every invariant holds, and the
 * same each time for the same seed. Triggers and indexes are put aside meanwhile, which makes it fast: a row is what
 * the triggers would have made of it.
 *
 *   node test/bench/rows/fill.ts <file> <orders> [seed] [file of the index of words]
 */
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { addFunctions } from "./functions.ts";
import { holds, orders } from "./orders.ts";
import { SHELF } from "./shelf.ts";
import { type Scale, type Step, scaleOf } from "./step.ts";
import { fillWords } from "./words.ts";

const SLICE = 20_000;
const SEED = 1;

type Say = (line: string) => void;

interface Aside {
  readonly type: "trigger" | "index";
  readonly name: string;
  readonly sql: string;
}

/** What the ledger says of each SKU. The last delivery left up to 59 of each, so that some are low and some are gone. */
const COUNTED = [
  `INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at)
   SELECT * FROM (SELECT l.sku, 'receive', coalesce(m.needed, 0) + mix(substr(l.sku, 5), 50) % 60 AS got, 0, 'Delivery', 'system', l.updated_at
     FROM stock_levels l LEFT JOIN (SELECT sku, sum(reserved_delta) - sum(on_hand_delta) AS needed FROM stock_movements WHERE sku GLOB 'SKU-*' GROUP BY sku) m ON m.sku = l.sku
     WHERE l.sku GLOB 'SKU-*') WHERE got > 0`,
  `UPDATE stock_levels SET on_hand = m.on_hand, reserved = m.reserved
   FROM (SELECT sku, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved FROM stock_movements GROUP BY sku) m WHERE m.sku = stock_levels.sku`,
  `UPDATE variants SET availability = CASE WHEN l.on_hand <= l.reserved THEN 'sold_out' WHEN l.on_hand - l.reserved <= l.low_stock_threshold THEN 'low' ELSE 'in_stock' END
   FROM stock_levels l WHERE l.sku = variants.sku`,
  `UPDATE products SET units_sold = s.sold FROM (
     SELECT v.product_id, -sum(m.on_hand_delta) AS sold FROM stock_movements m JOIN variants v ON v.sku = m.sku WHERE m.kind = 'sale' GROUP BY 1) s
   WHERE s.product_id = products.id`,
  `UPDATE discounts SET uses = u.uses FROM (
     SELECT discount_id, count(*) AS uses FROM discount_uses WHERE given_back_at IS NULL GROUP BY 1) u WHERE u.discount_id = discounts.id`,
  `INSERT INTO customers (id, email, name, orders, spent, last_order_at, created_at)
   SELECT 'cus_' || substr(min(id), 5), email, max(name), sum(bought), iif(sum(orders) = 0, '{}', json_object('EUR', sum(amount))), max(last_at), min(created_at)
   FROM (SELECT id, email, name, 0 AS orders, 0 AS bought, 0 AS amount, NULL AS last_at, created_at FROM users
     UNION ALL SELECT o.id, coalesce(u.email, o.email), o.shipping_address ->> 'name', 1, o.status = 'paid', o.captured - o.refunded, iif(o.status = 'paid', o.created_at, NULL), o.created_at
       FROM orders o LEFT JOIN users u ON u.account_id = o.account_id WHERE o.status = 'paid' OR o.captured <> o.refunded)
   WHERE email IS NOT NULL AND email NOT IN (SELECT email FROM customers) GROUP BY email ORDER BY min(created_at)`,
  // By days of UTC, and a refund on the day of its last change.
  `UPDATE refunds SET counted_at = updated_at
   WHERE status = 'succeeded' AND EXISTS (SELECT 1 FROM order_events WHERE order_id = refunds.order_id AND type = 'order.paid')`,
  `INSERT INTO sales_days (day, currency, orders, units, subtotal, discount, shipping, tax, total, refunds, refunded)
   SELECT day, currency, sum(orders), sum(units), sum(subtotal), sum(discount), sum(shipping), sum(tax), sum(total), sum(refunds), sum(refunded)
   FROM (SELECT date(e.created_at / 1000, 'unixepoch') AS day, o.currency, 1 AS orders, (SELECT sum(quantity) FROM order_lines WHERE order_id = o.id) AS units,
       o.subtotal, o.discount, o.shipping, o.tax, o.total, 0 AS refunds, 0 AS refunded
     FROM order_events e JOIN orders o ON o.id = e.order_id WHERE e.type = 'order.paid'
     UNION ALL SELECT date(counted_at / 1000, 'unixepoch'), currency, 0, 0, 0, 0, 0, 0, 0, 1, amount FROM refunds WHERE counted_at IS NOT NULL)
   GROUP BY 1, 2`,
  `INSERT INTO product_days (day, sku, currency, units, revenue)
   SELECT date(e.created_at / 1000, 'unixepoch'), l.sku, o.currency, sum(l.quantity), sum(l.quantity * l.unit_amount)
   FROM order_events e JOIN orders o ON o.id = e.order_id JOIN order_lines l ON l.order_id = o.id WHERE e.type = 'order.paid' GROUP BY 1, 2, 3`,
  "UPDATE order_numbers SET next = (SELECT max(number) + 1 FROM orders) WHERE id = 1",
  `INSERT INTO audit_log (id, actor, action, target, data, address, request_id, created_at)
   SELECT 'aud_' || substr(id, 5), 'usr_bench0000001', 'order.fulfilled', order_id, '{}', '203.0.113.7', 'req_bench', created_at
   FROM fulfillments WHERE rowid % 20 = 0`,
];

interface Wanted extends Pick<Scale, "orders" | "seed"> {
  /** The file of the index of words, where there is one. */
  readonly words?: string | undefined;
}

/** Fills the database in this file with so many orders and what belongs to them. Nothing may run on it. */
function fillShop(file: string, wanted: Wanted, say: Say): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  try {
    database.exec(
      "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144",
    );
    database.exec("PRAGMA temp_store = MEMORY");
    addFunctions(database, wanted.seed);
    const scale = scaleOf(wanted.orders, wanted.seed, Date.now());
    const aside = putAside(database);
    for (const step of [...SHELF, orders, holds]) runStep(database, scale, step, say);
    say("adding up");
    for (const sql of COUNTED) database.exec(sql);
    for (const { type, name, sql } of aside) {
      if (type === "index") say(`index ${name}`);
      database.exec(sql);
    }
    database.exec("PRAGMA journal_mode = WAL");
    if (wanted.words !== undefined) fillWords(wanted.words, database, say);
  } finally {
    database.close();
  }
}

/** Drops the triggers and the indexes; answers what makes them again, indexes first. */
function putAside(database: DatabaseSync): Aside[] {
  const found = database
    .prepare(
      "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type",
    )
    .all() as unknown as Aside[]; // the columns that are asked for
  for (const { type, name } of found) database.exec(`DROP ${type} "${name}"`);
  return found;
}

function runStep(database: DatabaseSync, scale: Scale, step: Step, say: Say): void {
  const count = step.count(scale);
  for (let from = 1; from <= count; from += SLICE) {
    const to = Math.min(from + SLICE - 1, count);
    database.exec("BEGIN");
    for (const sql of step.statements(scale, from, to)) database.exec(sql);
    database.exec("COMMIT");
    say(`${step.words} ${to.toLocaleString("en-US")} of ${count.toLocaleString("en-US")}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, count, seed = String(SEED), words] = process.argv.slice(2);
  if (file === undefined || count === undefined)
    throw new Error("needs the file of a shop's database, and how many orders");
  fillShop(file, { orders: Number(count), seed: Number(seed), words }, (line) => console.log(line));
}
