import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { checkInvariants } from "../../src/audit/index.ts";
import { Database } from "../../src/platform/db.ts";
import { makeMember } from "../support/credentials.ts";
import { renewShop } from "../support/empty-shop.ts";
import { arrive } from "../support/money-back.ts";
import { type Bought, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { useWorld } from "../support/world.ts";

useWorld();

/** A paid order and one that waits for its money, in a shop where all is well. */
async function twoOrders(): Promise<{ paid: Bought; waiting: Bought }> {
  const paid = await toPaymentPage(5);
  await stripe.pay(paid.paymentUrl);
  await arrive();
  return { paid, waiting: await toPaymentPage(5) };
}

type Orders = Awaited<ReturnType<typeof twoOrders>>;

/** What is broken, by hand; a guard that would keep it from happening is taken away first. */
interface Breach {
  readonly rule: string;
  readonly says: (orders: Orders) => string;
  readonly statements: (orders: Orders) => readonly string[];
}

const refund = (id: string, { orderId }: Bought, amount: number, source = "stripe") =>
  `INSERT INTO refunds (id, order_id, payment_id, status, amount, currency, reason, source, created_at, updated_at)
   SELECT '${id}', order_id, id, 'pending', ${amount}, currency, 'x', '${source}', 1, 1
   FROM payments WHERE order_id = '${orderId}'`;

const BREACHES: Readonly<Record<string, Breach>> = {
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
    says: () => "rsv_x: held until 2",
    statements: () => [
      "INSERT INTO reservations (id, status, actor, created_at, expires_at) VALUES ('rsv_x', 'held', 'x', 1, 2)",
    ],
  },
  "a hold that was made longer": {
    rule: "I8",
    says: ({ waiting }) => `${waiting.reservationId}: held for longer than `,
    statements: ({ waiting }) => [
      `UPDATE reservations SET expires_at = expires_at + 1 WHERE id = '${waiting.reservationId}'`,
    ],
  },
  "a sale to an order that has ended": {
    rule: "I8",
    says: ({ paid }) => `${paid.reservationId}: committed, but its order is expired`,
    statements: ({ paid }) => [
      "DROP TRIGGER orders_status_moves",
      `UPDATE orders SET status = 'expired' WHERE id = '${paid.orderId}'`,
    ],
  },
  "a hold that outlives its order": {
    rule: "I8",
    says: ({ waiting }) => `${waiting.reservationId}: still held, but its order is canceled`,
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
    statements: ({ paid }) => [`DELETE FROM outbox WHERE dedupe_key = 'receipt:${paid.orderId}'`],
  },
  "a shipment that nobody is told of": {
    rule: "I11",
    says: () => "ful_x: nobody is told that it was sent",
    statements: ({ paid }) => [
      `INSERT INTO fulfillments (id, order_id, actor, created_at) VALUES ('ful_x', '${paid.orderId}', 'x', 1)`,
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

/** What the invariants find now, by name. */
async function found(): Promise<Record<string, readonly string[]>> {
  const invariants = await checkInvariants(new Database(env.DB), {
    now: Date.now(),
    underWayMs: 0,
  });
  const broken = invariants.filter(({ holds }) => !holds);
  return Object.fromEntries(broken.map(({ name, breaches }) => [name, breaches]));
}

/** Does all of it or none; then the shop is empty again, because what was broken stays so. */
async function expectFound(
  statements: readonly string[],
  rule: string,
  words: string,
): Promise<void> {
  expect(await found()).toEqual({});
  await env.DB.batch(statements.map((sql) => env.DB.prepare(sql)));
  const breaches = await found();
  await renewShop();
  expect(breaches[rule]).toContainEqual(expect.stringContaining(words));
}

describe("The invariants find", () => {
  it.each(Object.entries(BREACHES))("%s", async (_, { rule, says, statements }) => {
    const orders = await twoOrders();
    await expectFound(statements(orders), rule, says(orders));
  });

  it("an order that was made of somebody else's hold", async () => {
    const { accountId } = await makeMember();
    const { orderId, reservationId } = await toPaymentPage(5);
    const take = `UPDATE reservations SET account_id = '${accountId}' WHERE id = '${reservationId}'`;
    await expectFound(
      [take],
      "I12",
      `${orderId}: made of a hold of ${accountId}, belongs to nobody`,
    );
  });
});
