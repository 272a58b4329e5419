import { arrive } from "../support/money-back.ts";
import { type Bought, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows } from "../support/world.ts";

/** The nightly control has been through all there is. */
const CONTROLLED_SINCE = `INSERT INTO reconciliations (name, state, version, updated_at)
  VALUES ('stripe:control', '{"since": 0, "day": 9000000000000}', 1, 1)`;

/** A paid order and one that waits for its money, in a shop where all is well. */
export async function twoOrders() {
  const paid = await toPaymentPage(5);
  await stripe.pay(paid.paymentUrl);
  await arrive();
  return { paid: await withRef(paid), waiting: await withRef(await toPaymentPage(5)) };
}

/** What staff call its hold by: the hold's id is a right, and stands in no breach. */
async function withRef(bought: Bought) {
  const found = await rows<{ ref: string }>(
    "SELECT ref FROM reservations WHERE id = ?",
    bought.reservationId,
  );
  return { ...bought, ref: found[0]?.ref ?? "" };
}

type Orders = Awaited<ReturnType<typeof twoOrders>>;

/** What is broken, by hand; a guard that would keep it from happening is taken away first. */
interface Breach {
  readonly rule: string;
  readonly says: (orders: Orders) => string;
  readonly statements: (orders: Orders) => readonly string[];
}

const refund = (id: string, { orderId }: Bought, amount: number, source = "provider") =>
  `INSERT INTO refunds (id, order_id, payment_id, status, amount, currency, reason, source, actor, created_at, updated_at)
   SELECT '${id}', order_id, id, 'pending', ${amount}, currency, 'x', '${source}', 'x', 1, 1
   FROM payments WHERE order_id = '${orderId}'`;

const refundLine = ({ orderId, sku }: Bought, restock: string, unsent: number) =>
  `INSERT INTO refund_lines (refund_id, order_id, sku, quantity, restock, unsent)
   VALUES ('ref_x', '${orderId}', '${sku}', 1, '${restock}', ${unsent})`;

const sent = ({ orderId, sku }: Bought, quantity: number) => [
  `INSERT INTO fulfillments (id, order_id, actor, created_at) VALUES ('ful_x', '${orderId}', 'x', 1)`,
  `INSERT INTO fulfillment_lines (fulfillment_id, order_id, sku, quantity) VALUES ('ful_x', '${orderId}', '${sku}', ${quantity})`,
];

/** All of an order but what it has left in the ledger, as only somebody who takes the guards away can. */
export const goneWhole = ({ orderId }: Bought) => [
  "PRAGMA defer_foreign_keys = on",
  ...["orders_no_delete", "orders_purged"].map((trigger) => `DROP TRIGGER ${trigger}`),
  `DELETE FROM orders WHERE id = '${orderId}'`,
  ...["order_lines", "order_events", "payments"].map(
    (table) => `DELETE FROM ${table} WHERE order_id = '${orderId}'`,
  ),
  `DELETE FROM idempotency_keys WHERE subject = '${orderId}'`,
];

export const BREACHES: Readonly<Record<string, Breach>> = {
  "what is reserved for nobody": {
    rule: "I1",
    says: ({ paid }) => `${paid.sku}: reserved 1, held 0`,
    statements: ({ paid }) => [
      `INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, actor, created_at)
       VALUES ('${paid.sku}', 'reserve', 0, 1, 'x', 'x', 1)`,
    ],
  },
  "more that came back than was sold": {
    rule: "I1",
    says: ({ paid }) => `${paid.orderId}: ${paid.sku} came back 2 times too often`,
    statements: ({ paid }) => [
      "DROP TRIGGER stock_movements_return_sold",
      `INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, order_id, actor, created_at)
       VALUES ('${paid.sku}', 'return', 3, 0, 'x', '${paid.orderId}', 'x', 1)`,
    ],
  },
  "money that the order does not know of": {
    rule: "I2",
    says: ({ paid }) => `${paid.orderId}: captured 2499, payments 2500; refunded 0, refunds 0`,
    statements: ({ paid }) => [
      `UPDATE orders SET captured = captured - 1 WHERE id = '${paid.orderId}'`,
    ],
  },
  "refunds of more than was taken": {
    rule: "I2",
    says: () => ": refunds of 2501 for 2500",
    statements: ({ paid }) => ["DROP TRIGGER refunds_within_captured", refund("ref_x", paid, 2501)],
  },
  "an order that calls itself refunded and is not": {
    rule: "I2",
    says: ({ paid }) => `${paid.orderId}: refunded, though 0 of 2500 went back`,
    statements: ({ paid }) => [
      `UPDATE orders SET payment_status = 'refunded' WHERE id = '${paid.orderId}'`,
    ],
  },
  "an open dispute that the order does not show": {
    rule: "I2",
    says: ({ paid }) => `${paid.orderId}: paid, though its dispute is open`,
    statements: ({ paid }) => [
      `INSERT INTO disputes (id, order_id, payment_id, status, reason, amount, currency, created_at, updated_at)
       SELECT 'dp_x', order_id, id, 'open', 'x', 1, currency, 1, 1 FROM payments WHERE order_id = '${paid.orderId}'`,
    ],
  },
  "a day that says it sold more than it did": {
    rule: "I20",
    says: () => " USD: 1 orders of 2501, sold 1 of 2500",
    statements: () => ["UPDATE sales_days SET total = total + 1"],
  },
  "a day that says more went back than did": {
    rule: "I20",
    says: () => " USD: 1 refunds of 5, went back 0 of 0",
    statements: () => ["UPDATE sales_days SET refunds = 1, refunded = 5"],
  },
  "a product that sold more than the day it is of": {
    rule: "I20",
    says: () => " USD: 1 units of 2500, by SKU 2 of 2500",
    statements: () => ["UPDATE product_days SET units = units + 1"],
  },
  "an order that is counted on no day": {
    rule: "I20",
    says: ({ paid }) => `${paid.orderId}: sold, and counted on no day`,
    statements: () => ["UPDATE sales_days SET day = '2000-01-01'"],
  },
  "a refund that is counted and does not stand": {
    rule: "I20",
    says: () => "ref_x: pending, and counted",
    statements: ({ paid }) => [
      refund("ref_x", paid, 5),
      "UPDATE refunds SET counted_at = 1 WHERE id = 'ref_x'",
    ],
  },
  "an order that was paid twice": {
    rule: "I3",
    says: ({ paid }) => `${paid.orderId}: 2 successful payments`,
    statements: ({ paid }) => [
      "DROP INDEX payments_one_success",
      `INSERT INTO payments (id, order_id, status, amount, currency, captured, created_at, updated_at)
       VALUES ('pay_x', '${paid.orderId}', 'succeeded', 1, 'USD', 0, 1, 1)`,
    ],
  },
  "a payment for two orders": {
    rule: "I3",
    says: () => ": pays for 2 orders",
    statements: ({ paid, waiting }) => [
      "DROP INDEX payments_provider_payment_id_unique",
      `UPDATE payments SET provider_payment_id = (SELECT provider_payment_id FROM payments WHERE order_id = '${paid.orderId}')
       WHERE order_id = '${waiting.orderId}'`,
    ],
  },
  "an order that is paid by nothing": {
    rule: "I3",
    says: ({ paid }) => `${paid.orderId}: paid without a payment`,
    statements: ({ paid }) => [
      "DROP TRIGGER payments_status_moves",
      `UPDATE payments SET status = 'pending' WHERE order_id = '${paid.orderId}'`,
    ],
  },
  "an order with more changes than history": {
    rule: "I5",
    says: ({ waiting }) => `${waiting.orderId}: version `,
    statements: ({ waiting }) => [
      `UPDATE orders SET version = version + 1 WHERE id = '${waiting.orderId}'`,
    ],
  },
  "goods of a paid order that were never taken from the shelf": {
    rule: "I5",
    says: ({ paid }) => `${paid.orderId}: ${paid.sku} sold 0 of 1`,
    statements: ({ paid }) => [
      "DROP TRIGGER stock_movements_no_delete",
      `DELETE FROM stock_movements WHERE kind = 'sale' AND order_id = '${paid.orderId}'`,
    ],
  },
  "a sale to an order that is gone": {
    rule: "I5",
    says: ({ paid }) => `${paid.orderId}: ${paid.sku} was sold to it, and it is not there`,
    statements: ({ paid }) => goneWhole(paid),
  },
  "a discount code that counts a use without an order": {
    rule: "I5",
    says: () => "SPRING: used 1 times, by 0 orders, of any number",
    statements: () => [
      `INSERT INTO discounts (id, code, kind, percent, uses, created_at, updated_at)
       VALUES ('dsc_x', 'SPRING', 'percentage', 10, 1, 1, 1)`,
    ],
  },
  "an event that nobody will wake": {
    rule: "I6",
    says: () => "whe_x: x is failed, and nobody will wake it",
    statements: () => [
      `INSERT INTO webhook_events (id, provider, event_id, type, payload, status, received_at)
       VALUES ('whe_x', 'stripe', 'evt_x', 'x', '{}', 'failed', 1)`,
    ],
  },
  "a refund that nobody is to send": {
    rule: "I6",
    says: () => "ref_x: pending, and nobody is to send it",
    statements: ({ paid }) => [refund("ref_x", paid, 1, "shop")],
  },
  "an order for nothing": {
    rule: "I6",
    says: ({ waiting }) => `${waiting.orderId}: without the goods it is for`,
    statements: ({ waiting }) => [
      "DROP TRIGGER order_lines_no_delete",
      `DELETE FROM order_lines WHERE order_id = '${waiting.orderId}'`,
    ],
  },
  "a key that stands for an order that is not there": {
    rule: "I7",
    says: () => "ord_x: a key stands for it, and it is not there",
    statements: () => [
      `INSERT INTO idempotency_keys (caller, key, request_hash, subject, created_at, expires_at)
       VALUES ('x', 'x', 'x', 'ord_x', 1, 2)`,
    ],
  },
  "a hold that nobody ends": {
    rule: "I8",
    says: () => "hld_x: held until 2",
    statements: () => [
      "INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at) VALUES ('rsv_x', 'hld_x', 'held', 'x', 9, 'x', 1, 2)",
    ],
  },
  "a hold that was made longer": {
    rule: "I8",
    says: ({ waiting }) => `${waiting.ref}: held for longer than `,
    statements: ({ waiting }) => [
      `UPDATE reservations SET expires_at = expires_at + 1 WHERE id = '${waiting.reservationId}'`,
    ],
  },
  "a sale to an order that has ended": {
    rule: "I8",
    says: ({ paid }) => `${paid.ref}: committed, but its order is expired`,
    statements: ({ paid }) => [
      "DROP TRIGGER orders_status_moves",
      `UPDATE orders SET status = 'expired' WHERE id = '${paid.orderId}'`,
    ],
  },
  "a hold that outlives its order": {
    rule: "I8",
    says: ({ waiting }) => `${waiting.ref}: still held, but its order is canceled`,
    statements: ({ waiting }) => [
      `UPDATE orders SET status = 'canceled' WHERE id = '${waiting.orderId}'`,
    ],
  },
  "money for a canceled order that nobody sends back": {
    rule: "I9",
    says: ({ paid }) => `${paid.orderId}: 2500 taken, order canceled`,
    statements: ({ paid }) => [
      `UPDATE orders SET status = 'canceled' WHERE id = '${paid.orderId}'`,
    ],
  },
  "a refund that no retry will send, and nobody was called": {
    rule: "I9",
    says: () => "ref_x: no retry will send it, and nobody was called",
    statements: ({ paid }) => [
      refund("ref_x", paid, 1, "shop"),
      `INSERT INTO outbox (id, topic, payload, dedupe_key, status, created_at)
       VALUES ('obx_x', 'refund', '{}', 'refund:ref_x', 'dead', 1)`,
    ],
  },
  "a paid order that is unpaid": {
    rule: "I10",
    says: ({ paid }) => `${paid.orderId}: paid and processing`,
    statements: ({ paid }) => [
      "DROP TRIGGER orders_payment_status_moves",
      `UPDATE orders SET payment_status = 'processing' WHERE id = '${paid.orderId}'`,
    ],
  },
  "an order that calls itself sent and is not": {
    rule: "I10",
    says: ({ paid }) => `${paid.orderId}: fulfilled, 0 of 1 sent`,
    statements: ({ paid }) => [
      `UPDATE orders SET fulfillment_status = 'fulfilled' WHERE id = '${paid.orderId}'`,
    ],
  },
  "a paid order without a receipt": {
    rule: "I11",
    says: ({ paid }) => `${paid.orderId}: 0 receipts`,
    statements: ({ paid }) => [
      "DROP TRIGGER outbox_no_delete",
      `DELETE FROM outbox WHERE dedupe_key = 'receipt:${paid.orderId}'`,
    ],
  },
  "a shipment that nobody is told of": {
    rule: "I11",
    says: () => "ful_x: nobody is told that it was sent",
    statements: ({ paid }) => [
      `INSERT INTO fulfillments (id, order_id, actor, created_at) VALUES ('ful_x', '${paid.orderId}', 'x', 1)`,
    ],
  },
  "more that was sent than was bought": {
    rule: "I17",
    says: ({ paid }) =>
      `${paid.orderId}: of ${paid.sku} 1 too many were sent or refunded before they were`,
    statements: ({ paid }) => ["DROP TRIGGER fulfillment_lines_within_owed", ...sent(paid, 2)],
  },
  "a unit that is sent and was refunded before": {
    rule: "I17",
    says: ({ paid }) =>
      `${paid.orderId}: of ${paid.sku} 1 too many were sent or refunded before they were`,
    statements: ({ paid }) => [
      "DROP TRIGGER fulfillment_lines_within_owed",
      refund("ref_x", paid, 1),
      refundLine(paid, "none", 1),
      ...sent(paid, 1),
    ],
  },
  "a unit that came back and never went out": {
    rule: "I17",
    says: ({ paid }) => `${paid.orderId}: of ${paid.sku} 1 came back, and 0 were sent`,
    statements: ({ paid }) => [
      "DROP TRIGGER refund_lines_of_owed",
      refund("ref_x", paid, 1),
      refundLine(paid, "return", 0),
    ],
  },
  "a unit that is back on the shelf and still owed": {
    rule: "I17",
    says: ({ paid }) => `${paid.orderId}: of ${paid.sku} 1 are back on the shelf`,
    statements: ({ paid }) => [
      `INSERT INTO stock_movements (sku, kind, on_hand_delta, reserved_delta, reason, order_id, actor, created_at)
       VALUES ('${paid.sku}', 'return', 1, 0, 'x', '${paid.orderId}', 'x', 1)`,
    ],
  },
  "a customer who has bought what there is no order for": {
    rule: "I21",
    says: () => "has bought 2 times, orders 1",
    statements: () => ["UPDATE customers SET orders = orders + 1 WHERE orders = 1"],
  },
  "a customer who has spent less than their orders say": {
    rule: "I21",
    says: () => 'has spent {"USD":2400}, orders {"USD":2500}',
    statements: () => ["UPDATE customers SET spent = json_object('USD', 2400) WHERE orders = 1"],
  },
  "a customer who has spent in a currency that none of their orders has": {
    rule: "I21",
    says: () => 'has spent {"USD":2500,"EUR":1}, orders {"USD":2500}',
    statements: () => ["UPDATE customers SET spent = json_set(spent, '$.EUR', 1) WHERE orders = 1"],
  },
  "an order that counts for nobody": {
    rule: "I21",
    says: ({ paid }) => `${paid.orderId}: bought by nobody who is a customer`,
    statements: () => ["DELETE FROM customers WHERE orders = 1"],
  },
  "a payment that the provider does not know of": {
    rule: "I19",
    says: () => "not on the books of the payment provider",
    statements: () => [CONTROLLED_SINCE],
  },
  "a refund that the provider does not know of": {
    rule: "I19",
    says: () => "ref_x: not on the books of the payment provider",
    statements: ({ paid }) => [
      refund("ref_x", paid, 1),
      "UPDATE refunds SET provider_refund_id = 're_x'",
      CONTROLLED_SINCE,
    ],
  },
  "a hold of more than one order may have": {
    rule: "I18",
    says: ({ waiting }) => `: 11 of ${waiting.sku} in one hold, and an order may have 10`,
    statements: ({ waiting }) => [
      "DROP TRIGGER reservation_lines_no_update",
      "DROP TRIGGER reservation_lines_less",
      `UPDATE reservation_lines SET quantity = 11 WHERE reservation_id = '${waiting.reservationId}'`,
    ],
  },
  "more holds of one caller than its cap": {
    rule: "I18",
    says: () => "somebody: 3 unpaid holds at once, and there may be 2",
    statements: () => [
      "DROP TRIGGER reservations_per_caller",
      ...["a", "b", "c"].map(
        (id) =>
          `INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at)
           VALUES ('rsv_${id}', 'hld_${id}', 'held', 'somebody', 2, 'x', 1, 9)`,
      ),
    ],
  },
  "more that waits for one address than one customer may have": {
    rule: "I18",
    says: ({ waiting }) =>
      `${waiting.orderId}: 2 of ${waiting.sku} wait for payments of one address, and 1 may`,
    statements: ({ waiting }) => [
      "DROP TRIGGER order_lines_no_update",
      `UPDATE variants SET max_per_customer = 1 WHERE sku = '${waiting.sku}'`,
      `UPDATE order_lines SET quantity = 2 WHERE order_id = '${waiting.orderId}'`,
    ],
  },
  "a promise that nobody keeps": {
    rule: "I11",
    says: () => "obx_x: mail.receipt is still to be told",
    statements: () => [
      `INSERT INTO outbox (id, topic, payload, dedupe_key, status, created_at, wake_at)
       VALUES ('obx_x', 'mail.receipt', '{}', 'x', 'pending', 1, 1)`,
    ],
  },
};
