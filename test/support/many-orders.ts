import { env } from "cloudflare:workers";

/** Orders number `from` to `to` of one SKU past the shop, two a millisecond; a bank is at work on the oldest. */
export async function manyOrders(from: number, to: number): Promise<void> {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  const statements = [
    `INSERT OR IGNORE INTO products (id, slug, title, status, price_from, created_at, updated_at)
     VALUES ('prod_1', 'one', 'One', 'active', 1, 1, 1)`,
    `INSERT OR IGNORE INTO variants (id, product_id, sku, title, amount, currency, position, opening_stock, created_at, updated_at)
     VALUES ('var_1', 'prod_1', 'SKU', 'One', 1, 'EUR', 0, 100000, 1, 1)`,
    `${numbers} INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at)
     SELECT 'rsv_' || i, 'hld_' || i, 'held', 'guest_' || i, 20, 'test', 1, 9000000000000 FROM n`,
    `${numbers} INSERT INTO reservation_lines (reservation_id, sku, quantity) SELECT 'rsv_' || i, 'SKU', 1 FROM n`,
    `${numbers} INSERT INTO orders (id, number, status, payment_status, fulfillment_status, email, currency, subtotal, total,
       payment_terms, reservation_id, success_url, cancel_url, version, created_at, updated_at)
     SELECT printf('ord_%06d', i), 2000 + i, 'pending_payment', iif(i = 1, 'processing', 'unpaid'), 'unfulfilled',
       printf('c%06d@example.com', i), 'EUR', 1, 1, '{}', 'rsv_' || i, 'https://a.test', 'https://a.test', 1, i / 2, 1 FROM n`,
    `${numbers} INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping, ordered_at)
     SELECT printf('ord_%06d', i), 'SKU', 'prod_1', 'One', 'One', 1, 1, 1, i / 2 FROM n`,
    `${numbers} INSERT INTO payments (id, order_id, status, amount, currency, session_id, created_at, updated_at)
     SELECT 'pay_' || i, printf('ord_%06d', i), 'pending', 1, 'EUR', 'cs_' || i, 1, 1 FROM n`,
    `${numbers} INSERT INTO order_events (order_id, seq, type, data, actor, created_at)
     SELECT printf('ord_%06d', i), 1, 'order.created', '{}', 'test', 1 FROM n`,
  ];
  await env.DB.batch(statements.map((sql) => env.DB.prepare(sql)));
}
