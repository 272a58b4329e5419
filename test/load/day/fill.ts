import type { DatabaseSync } from "node:sqlite";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What Stripe sends of a completed session. */
const PAYLOAD_CHARS = 4000;
const STEP = 5000;

export interface Day {
  /** Of each there is also an order whose payment page nobody paid at, and two holds that nobody took to the checkout. */
  readonly purchases: number;
  /** Milliseconds: when the day begins. */
  readonly begins: number;
}

const SKUS = 100;
/** A purchase, an order that nobody pays, and two holds, in turns: what goes has stood between what stays. */
const IN_TURNS = 4;
const IS_BOUGHT = `i % ${IN_TURNS} = 1`;
const IS_ORDERED = `i % ${IN_TURNS} IN (1, 2)`;
const ids = (prefix: string) => `printf('${prefix}_01k%033d', i)`;
const at = (begins: number, of: number) => `${begins} + i % ${of} * ${DAY_MS} / ${of}`;

/** The catalog, with enough of everything. */
export function fillCatalog(database: DatabaseSync, now: number): void {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${SKUS})`;
  database.exec(`INSERT INTO products (id, slug, title, status, price_from, created_at, updated_at)
    ${numbers} SELECT ${ids("prod")}, 'thing-' || i, 'Thing ' || i, 'active', 2500, ${now}, ${now} FROM n`);
  database.exec(`INSERT INTO variants (id, product_id, sku, title, amount, currency, position, opening_stock, created_at, updated_at)
    ${numbers} SELECT ${ids("var")}, ${ids("prod")}, printf('SKU-%04d', i), 'One', 2500, 'EUR', 0, 100000000, ${now}, ${now} FROM n`);
}

/** Writes the day as the shop would have: through the same triggers, in slices. Says how far it is. */
export function fillDay(database: DatabaseSync, day: Day, tell: (done: number) => void): number {
  const { purchases, begins } = day;
  const all = purchases * IN_TURNS;
  for (let from = 1; from <= all; from += STEP) {
    const to = Math.min(from + STEP - 1, all);
    database.exec("BEGIN");
    for (const sql of statements(begins, all)) database.exec(withNumbers(sql, from, to));
    database.exec("COMMIT");
    tell(to / all);
  }
  return begins + DAY_MS;
}

function withNumbers(sql: string, from: number, to: number): string {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  return sql.startsWith("UPDATE")
    ? `${numbers} ${sql}`
    : sql.replace("SELECT", `${numbers} SELECT`);
}

function statements(begins: number, all: number): string[] {
  const made = at(begins, all);
  const ended = `${made} + ${15 * MINUTE_MS}`;
  const ordered = `FROM n WHERE ${IS_ORDERED}`;
  const bought = `FROM n WHERE ${IS_BOUGHT}`;
  return [
    `INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, request_id, created_at, expires_at)
      SELECT ${ids("rsv")}, ${ids("hld")}, 'held', printf('guest_%043d', i), 1000000, 'guest', ${ids("req")}, ${made}, ${ended} FROM n`,
    `INSERT INTO reservation_lines (reservation_id, sku, quantity) SELECT ${ids("rsv")}, printf('SKU-%04d', i % ${SKUS} + 1), 1 FROM n`,
    `INSERT INTO idempotency_keys (caller, key, network, request_hash, status, body, created_at, expires_at)
      SELECT 'guest', printf('%043d', i), printf('%043d', i), printf('%043d', i), 201, printf('%0400d', i), ${made}, ${made} + ${DAY_MS} FROM n`,
    `INSERT INTO orders (id, number, status, payment_status, fulfillment_status, email, currency, subtotal, shipping, total,
        payment_terms, reservation_id, shipping_address, success_url, cancel_url, version, created_at, updated_at)
      SELECT ${ids("ord")}, i + 2000, 'pending_payment', 'unpaid', 'unfulfilled', 'customer-' || i || '@example.com', 'EUR', 2500, 490, 2990,
        '{"rates":[{"name":"Standard","amount":490,"currency":"EUR"}],"countries":["DE"],"tax":null,"delayed":[]}',
        ${ids("rsv")}, '{"name":"Ada Lovelace","line1":"12 St James Square","city":"London","postalCode":"SW1Y 4JH","country":"GB"}',
        'https://shop.example.com/orders/{ORDER_ID}', 'https://shop.example.com/cart', 1, ${made}, ${made} ${ordered}`,
    `INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping, ordered_at)
      SELECT ${ids("ord")}, printf('SKU-%04d', i % ${SKUS} + 1), printf('prod_01k%033d', i % ${SKUS} + 1), 'Thing', 'One', 1, 2500, 1, ${made} ${ordered}`,
    `INSERT INTO payments (id, order_id, status, amount, currency, session_id, session_url, created_at, updated_at)
      SELECT ${ids("pay")}, ${ids("ord")}, 'pending', 2990, 'EUR', printf('cs_live_%058d', i), printf('https://checkout.stripe.com/c/pay/%0300d', i), ${made}, ${made} ${ordered}`,
    `INSERT INTO order_events (order_id, seq, type, data, actor, request_id, created_at)
      SELECT ${ids("ord")}, 1, 'order.created', '{"items":[{"sku":"SKU-0001","quantity":1}],"subtotal":{"amount":2500,"currency":"EUR"},"shipping":{"amount":490,"currency":"EUR"},"total":{"amount":2990,"currency":"EUR"}}',
        'guest', ${ids("req")}, ${made} ${ordered}`,
    `INSERT INTO order_events (order_id, seq, type, data, actor, request_id, created_at)
      SELECT ${ids("ord")}, 2, iif(${IS_BOUGHT}, 'order.paid', 'order.expired'), '{"paymentId":"' || ${ids("pay")} || '","amount":{"amount":2990,"currency":"EUR"}}', 'system', ${ids("req")}, ${ended} ${ordered}`,
    `UPDATE payments SET status = iif(n.paid, 'succeeded', 'expired'), captured = iif(n.paid, 2990, 0),
        provider_payment_id = iif(n.paid, n.intent, NULL), session_url = iif(n.paid, NULL, session_url), updated_at = n.ended
      FROM (SELECT ${ids("pay")} AS id, ${IS_BOUGHT} AS paid, printf('pi_%024d', i) AS intent, ${ended} AS ended ${ordered}) AS n WHERE payments.id = n.id`,
    `UPDATE orders SET status = iif(n.paid, 'paid', 'expired'), payment_status = iif(n.paid, 'paid', 'unpaid'),
        captured = iif(n.paid, 2990, 0), version = 2, updated_at = n.ended
      FROM (SELECT ${ids("ord")} AS id, ${IS_BOUGHT} AS paid, ${ended} AS ended ${ordered}) AS n WHERE orders.id = n.id`,
    `UPDATE reservations SET status = iif(n.paid, 'committed', 'expired'), ended_at = n.ended
      FROM (SELECT ${ids("rsv")} AS id, ${IS_BOUGHT} AS paid, ${ended} AS ended FROM n) AS n WHERE reservations.id = n.id`,
    `INSERT INTO outbox (id, topic, payload, dedupe_key, status, attempts, request_id, created_at, done_at)
      SELECT ${ids("obx")}, 'mail.receipt', '{"orderId":"' || ${ids("ord")} || '"}', 'receipt:' || ${ids("ord")}, 'done', 0, ${ids("req")}, ${ended}, ${ended} ${bought}`,
    `INSERT INTO webhook_events (id, provider, event_id, type, subject, payload, status, attempts, request_id, received_at, processed_at)
      SELECT ${ids("whe")}, 'stripe', printf('evt_%024d', i), iif(${IS_BOUGHT}, 'checkout.session.completed', 'checkout.session.expired'), ${ids("ord")},
        printf('%0${PAYLOAD_CHARS}d', i), 'processed', 1, ${ids("req")}, ${ended}, ${ended} ${ordered}`,
  ];
}
