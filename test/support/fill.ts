import { env } from "cloudflare:workers";

const HOUR_MS = 60 * 60_000;

/** Rows number `from` to `to` of every growing table around `now`, as a shop of years has them; each SKU has one hold, one order, one payment. */
export async function fillShop(from: number, to: number, now: number): Promise<void> {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  const inserts = [
    `INSERT INTO products (id, slug, title, status, price_from, units_sold, created_at, updated_at)
     SELECT printf('prod_%06d', i), printf('slug-%06d', i), printf('Thing w%06d', i), 'active', i % 97 + 1, i % 89, ${now} - i, 1 FROM n`,
    `INSERT INTO variants (id, product_id, sku, title, amount, currency, position, max_per_customer, opening_stock, created_at, updated_at)
     SELECT printf('var_%06d', i), printf('prod_%06d', i), printf('SKU-%06d', i), 'One', 100, 'EUR', 0, iif(i % 7 = 0, 1000, NULL), iif(i % 10 = 0, 3, 30), 1, 1 FROM n`,
    `INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at)
     SELECT printf('rsv_%06d', i), printf('hld_%06d', i), 'held', printf('guest_%06d', i), 20, 'test', ${now}, ${now + HOUR_MS} + i FROM n`,
    `INSERT INTO reservation_lines (reservation_id, sku, quantity)
     SELECT printf('rsv_%06d', i), printf('SKU-%06d', i), 1 FROM n`,
    `INSERT INTO orders (id, number, status, payment_status, fulfillment_status, email, currency, subtotal, total,
       payment_terms, reservation_id, success_url, cancel_url, version, created_at, updated_at)
     SELECT printf('ord_%06d', i), i * 100, 'pending_payment', iif(i % 5 = 0, 'processing', 'unpaid'), 'unfulfilled', printf('c%06d@example.com', i), 'EUR', 100, 100,
       '{}', printf('rsv_%06d', i), 'https://a.test', 'https://a.test', 1, ${now} + i, 1 FROM n`,
    `INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping, ordered_at)
     SELECT printf('ord_%06d', i), printf('SKU-%06d', i), printf('prod_%06d', i), 'Thing', 'One', 1, 100, 1, ${now} + i FROM n`,
    `INSERT INTO payments (id, order_id, status, amount, currency, session_id, created_at, updated_at)
     SELECT printf('pay_%06d', i), printf('ord_%06d', i), 'pending', 100, 'EUR', printf('cs_%06d', i), 1, 1 FROM n`,
    `INSERT INTO order_events (order_id, seq, type, data, actor, created_at)
     SELECT printf('ord_%06d', i), 1, 'order.created', '{}', 'test', 1 FROM n`,
    `INSERT INTO discounts (id, code, kind, amount, currency, max_uses_per_customer, created_at, updated_at)
     SELECT printf('dsc_%06d', i), printf('CODE-%06d', i), 'fixed', 10, 'EUR', 9, ${now} + i, 1 FROM n`,
    // All of them with the first code: a popular one.
    `INSERT INTO discount_uses (order_id, discount_id, email, created_at)
     SELECT printf('ord_%06d', i), 'dsc_000001', printf('c%06d@example.com', i), ${now} FROM n`,
    `INSERT INTO idempotency_keys (caller, key, network, request_hash, created_at, expires_at)
     SELECT iif(i % 2 = 0, 'test', 'guest'), printf('key-%06d', i), iif(i % 2 = 0, NULL, printf('net-%06d', i)), 'x', ${now}, ${now + HOUR_MS} + i FROM n`,
    `INSERT INTO webhook_events (id, provider, event_id, type, payload, status, lacks, received_at)
     SELECT printf('whe_%06d', i), iif(i % 3 = 0, 'resend', 'stripe'), printf('evt_%06d', i), iif(i % 3 = 0, 'y', 'x'), '{}',
       CASE WHEN i % 5 = 0 THEN 'dead' WHEN i % 7 = 0 THEN 'ignored' ELSE 'processed' END,
       iif(i % 5 = 0, printf('ord_none_%06d', i), NULL), ${now} + i FROM n`,
    `INSERT INTO outbox (id, topic, payload, dedupe_key, status, created_at)
     SELECT printf('obx_%06d', i), 'x', '{}', printf('key-%06d', i), iif(i % 5 = 0, 'dead', 'done'), ${now} + i FROM n`,
    // Of which nothing was sent yet: an endpoint that was down for long.
    `INSERT INTO webhook_endpoints (id, url, events, status, changed_by, created_at, updated_at)
     SELECT 'wep_000001', 'https://hooks.subscriber.test/', '["order.paid","order.canceled","order.refunded","order.fulfilled","inventory.low"]', 'active', 'test', 1, 1 FROM n WHERE i = 1`,
    `INSERT INTO outgoing_events (id, type, subject, sequence, created_at)
     SELECT printf('evt_%06d', i), 'inventory.low', printf('SKU-%06d', i), i, ${now} - i FROM n`,
    `INSERT INTO delivery_attempts (delivery_id, number, status, latency_ms, created_at)
     SELECT printf('dlv_%06dwep_000001', i), 0, 500, 1, ${now} FROM n`,
    ...[
      "sales_days (day, currency, orders)",
      "stock_days (day, currency, skus, units, value, counted_at)",
    ].map(
      (table) => `INSERT INTO ${table}
       SELECT date('1900-01-01', i || ' days'), 'EUR', 1 ${table.startsWith("stock") ? ", 1, 1, 1" : ""} FROM n`,
    ),
    `INSERT INTO product_days (day, sku, currency, units, revenue)
     SELECT date('1900-01-01', i || ' days'), printf('SKU-%06d', i), 'EUR', 1, 1 FROM n`,
    `INSERT INTO dead_letters (message_id, queue, body, reason, created_at)
     SELECT printf('msg_%06d', i), 'x', '{}', iif(i % 5 = 0, 'The message is not a job.', 'Every retry failed.'), ${now} + i FROM n`,
  ];
  // Half of them were paid, as most of a shop's orders are.
  const paid = `UPDATE orders SET status = 'paid', payment_status = 'paid', captured = 100
    WHERE number BETWEEN ${from * 100} AND ${to * 100} AND number % 200 = 0`;
  await env.DB.batch([
    ...inserts.map((sql) => env.DB.prepare(sql.replace("SELECT", `${numbers} SELECT`))),
    env.DB.prepare(paid),
  ]);
}
