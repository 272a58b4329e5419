import { cameAt, numbers, type Scale, type Step } from "./step.ts";

const MINUTE_MS = 60_000;
const HOLD_MS = 15 * MINUTE_MS;
const TERMS = `'{"rates":[],"countries":[],"tax":null,"delayed":[]}'`;
const ADDRESS = `'{"name":"Grace Hopper","line1":"1 Harbour Street","city":"Bremen","postalCode":"28195","country":"DE"}'`;

/** What is under way is as much as comes in minutes, however many years there are behind it. */
const MOST_UNDER_WAY = 400;

/** What became of each order, of a thousand: SQL over `dice`. The newest wait for their payment. */
const kindOf = ({ orders: count }: Scale) =>
  `CASE WHEN dice < 20 AND mix(i, 8) < ${Math.min(1e6, (MOST_UNDER_WAY / 0.02 / count) * 1e6)} THEN 'waiting' WHEN dice < 120 THEN 'expired' WHEN dice < 180 THEN 'canceled'
  WHEN dice < 210 THEN 'refunded' WHEN dice < 215 THEN 'disputed' WHEN dice < 320 THEN 'paid' ELSE 'sent' END`;
const WAS_PAID = "kind IN ('paid', 'sent', 'refunded', 'disputed')";
const WAS_SENT = "kind IN ('sent', 'disputed')";

/** The orders of a slice with all that was chosen for them, in two temporary tables, which the statements after it read. */
function choose(scale: Scale, from: number, to: number): string[] {
  const { now, orders, variants, customers } = scale;
  return [
    "DROP TABLE IF EXISTS temp.chosen",
    "DROP TABLE IF EXISTS temp.chosen_lines",
    `CREATE TEMP TABLE chosen AS ${numbers(from, to)}
     SELECT i, kind, at, make_id('ord', at, i) AS id, make_id('rsv', at, i) AS hold, iif(customer % 2 = 0, printf('acc_bench%07d', customer), NULL) AS account,
       printf('customer%07d@example.com', customer) AS email, iif(i % 20 = 0, printf('dsc_bench%02d', mix(i, 6) % 20), NULL) AS code, lines
     FROM (SELECT i, kind, 1 + mix(i, 3) % ${customers} AS customer, 1 + mix(i, 4) % 3 AS lines,
       iif(kind = 'waiting', ${now} - mix(i, 5) % ${10 * MINUTE_MS}, min(${cameAt(scale, orders)}, ${now - HOLD_MS})) AS at
       FROM (SELECT i, ${kindOf(scale)} AS kind FROM (SELECT i, mix(i, 2) % 1000 AS dice FROM n)))`,
    `CREATE TEMP TABLE chosen_lines AS
     SELECT c.i, c.kind, c.at, c.id, c.hold, c.account, v.sku, v.product_id, v.amount, v.title, 1 + (mix(c.i, 20 + k.value) % 10 = 0) AS quantity
     FROM temp.chosen c JOIN json_each('[0,1,2]') k ON k.value < c.lines
     JOIN variants v ON v.sku = printf('SKU-%07d', (mix(c.i, 7) * 997 + k.value * 13) % ${variants})`,
    "CREATE INDEX temp.lines_of ON chosen_lines (i)",
  ];
}

const sum = "(SELECT sum(l.quantity * l.amount) FROM temp.chosen_lines l WHERE l.i = c.i)";
const total = `(${sum} - iif(c.code IS NULL, 0, 100))`;
const paid = `iif(c.${WAS_PAID}, ${total}, 0)`;
const caller = "coalesce(c.account, printf('guest_%012d', c.i))";

const holdsAndOrders = [
  `INSERT INTO reservations (id, ref, status, order_id, account_id, caller, caller_limit, actor, request_id, created_at, expires_at, ended_at)
   SELECT c.hold, make_id('hld', c.at, c.i), CASE WHEN c.kind = 'waiting' THEN 'held' WHEN c.${WAS_PAID} THEN 'committed' WHEN c.kind = 'expired' THEN 'expired' ELSE 'released' END,
     c.id, c.account, ${caller}, 100000, 'guest', printf('req_%036d', c.i), c.at, c.at + ${HOLD_MS}, iif(c.kind = 'waiting', NULL, c.at + ${2 * MINUTE_MS}) FROM temp.chosen c`,
  "INSERT INTO reservation_lines (reservation_id, sku, quantity) SELECT hold, sku, quantity FROM temp.chosen_lines",
  `INSERT INTO orders (id, number, account_id, status, payment_status, fulfillment_status, attention_reason, attention_since, email, currency, subtotal, discount, total, captured, refunded,
     reservation_id, shipping_address, discount_code, payment_terms, success_url, cancel_url, version, created_at, updated_at)
   SELECT c.id, 1000 + c.i, c.account, CASE c.kind WHEN 'waiting' THEN 'pending_payment' WHEN 'expired' THEN 'expired' WHEN 'canceled' THEN 'canceled' ELSE 'paid' END,
     CASE c.kind WHEN 'refunded' THEN 'refunded' WHEN 'disputed' THEN 'disputed' WHEN 'paid' THEN 'paid' WHEN 'sent' THEN 'paid' ELSE 'unpaid' END,
     iif(c.${WAS_SENT}, 'fulfilled', 'unfulfilled'), iif(c.kind = 'disputed', 'dispute', NULL), iif(c.kind = 'disputed', c.at, NULL), c.email, 'EUR', ${sum}, iif(c.code IS NULL, 0, 100), ${total},
     ${paid}, iif(c.kind = 'refunded', ${total}, 0), c.hold, iif(c.i % 3 = 0, NULL, ${ADDRESS}), iif(c.code IS NULL, NULL, 'BENCH' || substr(c.code, -2)),
     ${TERMS}, 'https://shop.example.com/thanks', 'https://shop.example.com/cart',
     CASE c.kind WHEN 'waiting' THEN 1 WHEN 'sent' THEN 3 WHEN 'refunded' THEN 4 WHEN 'disputed' THEN 4 ELSE 2 END, c.at, c.at + ${2 * MINUTE_MS} FROM temp.chosen c`,
  `INSERT INTO order_lines (order_id, sku, product_id, title, variant_title, quantity, unit_amount, requires_shipping, ordered_at)
   SELECT id, sku, product_id, 'Thing', title, quantity, amount, 1, at FROM temp.chosen_lines`,
  `INSERT INTO payments (id, order_id, status, amount, currency, captured, session_id, session_url, provider_payment_id, controlled_at, created_at, updated_at)
   SELECT make_id('pay', c.at, c.i), c.id, CASE WHEN c.kind = 'waiting' THEN 'pending' WHEN c.${WAS_PAID} THEN 'succeeded' ELSE 'expired' END, ${total}, 'EUR', ${paid},
     printf('cs_test_%058d', c.i), iif(c.kind = 'waiting', printf('https://checkout.stripe.com/c/pay/cs_test_%058d', c.i), NULL),
     iif(c.${WAS_PAID}, printf('pi_%024d', c.i), NULL), iif(c.${WAS_PAID}, c.at, NULL), c.at, c.at FROM temp.chosen c`,
];

const moves = (kind: string, onHand: string, reserved: string, where: string) =>
  `INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, reservation_id, order_id, actor, created_at)
   SELECT sku, '${kind}', ${onHand}, ${reserved}, 'Bench', ${kind === "return" ? "NULL" : "hold"}, ${kind === "reserve" ? "NULL" : "id"}, 'system', at FROM temp.chosen_lines WHERE ${where}`;

const ledger = [
  moves("reserve", "0", "quantity", "1"),
  moves("sale", "-quantity", "-quantity", WAS_PAID),
  moves("release", "0", "-quantity", "kind IN ('expired', 'canceled')"),
  moves("return", "quantity", "0", "kind = 'refunded'"),
];

/** Each order's history: what came as which entry. */
const events = [
  ["order.created", 1, "1"],
  ["order.paid", 2, WAS_PAID],
  ["order.expired", 2, "kind = 'expired'"],
  ["order.canceled", 2, "kind = 'canceled'"],
  ["order.fulfilled", 3, WAS_SENT],
  ["refund.created", 3, "kind = 'refunded'"],
  ["refund.succeeded", 4, "kind = 'refunded'"],
  ["dispute.opened", 4, "kind = 'disputed'"],
].map(
  ([type, seq, where]) =>
    `INSERT INTO order_events (order_id, seq, type, data, actor, request_id, created_at)
     SELECT id, ${seq}, '${type}', '{}', 'system', printf('req_%036d', i), at + ${seq} FROM temp.chosen WHERE ${where}`,
);

const afterTheSale = [
  `INSERT INTO fulfillments (id, order_id, carrier, tracking_number, actor, created_at)
   SELECT make_id('ful', at, i), id, 'DHL', printf('JD%012d', i), 'system', at FROM temp.chosen WHERE ${WAS_SENT}`,
  `INSERT INTO fulfillment_lines (fulfillment_id, order_id, sku, quantity)
   SELECT make_id('ful', at, i), id, sku, quantity FROM temp.chosen_lines WHERE ${WAS_SENT}`,
  `INSERT INTO refunds (id, order_id, payment_id, status, amount, currency, reason, provider_refund_id, controlled_at, source, actor, created_at, updated_at)
   SELECT make_id('ref', at, i), id, make_id('pay', at, i), 'succeeded', ${total}, 'EUR', 'Changed their mind', printf('re_%024d', i), at, 'shop', 'system', at, at FROM temp.chosen c WHERE kind = 'refunded'`,
  `INSERT INTO refund_lines (refund_id, order_id, sku, quantity, restock, unsent)
   SELECT make_id('ref', at, i), id, sku, quantity, 'cancel', quantity FROM temp.chosen_lines WHERE kind = 'refunded'`,
  `INSERT INTO disputes (id, order_id, payment_id, status, reason, amount, currency, created_at, updated_at)
   SELECT printf('dp_%024d', i), id, make_id('pay', at, i), 'open', 'fraudulent', ${total}, 'EUR', at, at FROM temp.chosen c WHERE kind = 'disputed'`,
  `INSERT INTO discount_uses (order_id, discount_id, account_id, email, created_at, given_back_at)
   SELECT id, code, account, email, at, iif(kind IN ('expired', 'canceled'), at, NULL) FROM temp.chosen WHERE code IS NOT NULL`,
  `INSERT INTO outbox (id, topic, payload, dedupe_key, status, attempts, created_at, done_at)
   SELECT make_id('obx', at, i), 'mail.receipt', json_object('orderId', id), 'receipt:' || id, 'done', 1, at, at FROM temp.chosen WHERE ${WAS_PAID}`,
  `INSERT INTO outbox (id, topic, payload, dedupe_key, status, attempts, created_at, done_at)
   SELECT make_id('oby', at, i), 'mail.shipped', json_object('orderId', id, 'fulfillmentId', make_id('ful', at, i)), 'shipped:' || make_id('ful', at, i), 'done', 1, at, at FROM temp.chosen WHERE ${WAS_SENT}`,
  `INSERT INTO webhook_events (id, provider, event_id, type, subject, payload, status, attempts, received_at, processed_at)
   SELECT make_id('whe', at, i), 'stripe', printf('evt_%024d', i), 'checkout.session.completed', id, '{}', 'processed', 1, at, at FROM temp.chosen WHERE ${WAS_PAID}`,
  `INSERT INTO idempotency_keys (caller, key, network, request_hash, subject, status, headers, body, created_at, expires_at)
   SELECT coalesce(account, 'guest'), printf('key-%032d', i), iif(account IS NULL, printf('net-%060d', i), NULL), printf('%064d', i), id, 201, '{}', printf('%0600d', i), at, at + 86400000
   FROM temp.chosen WHERE i % 20 = 0`,
];

/** Orders in every state, each with what it was made of and what came of it. */
export const orders: Step = {
  words: "orders",
  count: (scale) => scale.orders,
  statements: (scale, from, to) => [
    ...choose(scale, from, to),
    ...holdsAndOrders,
    ...ledger,
    ...events,
    ...afterTheSale,
  ],
};

/** Holds that nobody made an order of: some are live, the others are over. */
export const holds: Step = {
  words: "holds",
  count: (scale) => Math.ceil(scale.orders / 5),
  statements: (scale, from, to) => {
    const { now, variants, orders: count } = scale;
    const live = `i % ${Math.max(20, Math.ceil(count / 5 / MOST_UNDER_WAY))} = 0`;
    const at = `iif(${live}, ${now} - mix(i, 41) % ${10 * MINUTE_MS}, min(${cameAt(scale, Math.ceil(scale.orders / 5))}, ${now - HOLD_MS}))`;
    const chosen = `${numbers(from, to)}, h AS (SELECT i, at, make_id('rsw', at, i) AS id, ${live} AS live, printf('SKU-%07d', mix(i, 42) % ${variants}) AS sku FROM (SELECT i, ${at} AS at FROM n))`;
    const moved = (kind: string, delta: number, where: string) =>
      `${chosen} INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, reservation_id, actor, created_at)
       SELECT sku, '${kind}', 0, ${delta}, 'Bench', id, 'system', at FROM h WHERE ${where}`;
    return [
      `${chosen} INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at, ended_at)
       SELECT id, make_id('hlx', at, i), iif(live, 'held', iif(i % 3 = 0, 'released', 'expired')), printf('guest_%012d', i), 100000, 'guest', at, at + ${HOLD_MS}, iif(live, NULL, at + ${HOLD_MS}) FROM h`,
      `${chosen} INSERT INTO reservation_lines (reservation_id, sku, quantity) SELECT id, sku, 1 FROM h`,
      moved("reserve", 1, "1"),
      moved("release", -1, "NOT live"),
    ];
  },
};
