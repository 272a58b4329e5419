import type { Mutant } from "../mutant.ts";

const RESTORE = "test/checkout/restore.test.ts";
const CODES = "test/checkout/restored-codes.test.ts";
const REOPENING = "test/checkout/reopening.test.ts";
const ORDER_MEMO = "test/checkout/order-memo.test.ts";
const NUMBERS = "test/orders/numbers.test.ts";

/** What becomes of orders that Stripe knows and the database has lost, after it was put back to an earlier moment. */
export const RESTORING: readonly Mutant[] = [
  {
    name: "a lost order takes the number of another",
    change: [
      "sql`iif(EXISTS (SELECT 1 FROM orders WHERE number = ${order.number}), ${nextNumber}, ${order.number})`",
      "order.number",
    ],
    dies: RESTORE,
    by: "whose number another order has",
  },
  {
    name: "an order that was written again calls nobody",
    change: [
      `attentionReason: "restored", attentionSince: now`,
      "attentionReason: null, attentionSince: null",
    ],
    dies: RESTORE,
    by: "is written again from its payment",
  },
  {
    name: "a lost order has the prices of today",
    change: [
      "l.value ->> '$[1]', l.value ->> '$[2]', v.requires_shipping",
      "l.value ->> '$[1]', v.amount, v.requires_shipping",
    ],
    dies: RESTORE,
    by: "is written again from its payment",
  },
  {
    name: "a lost order is not written again by its event",
    change: [
      "if (order === undefined) return bookLost(ctx, id, settle);",
      "if (order === undefined) throw orderNotHere(String(id) + typeof bookLost);",
    ],
    dies: RESTORE,
    by: "is written again from its payment",
  },
  {
    name: "a lost order is not written again by the comparison",
    change: [
      "(isPaying(session) ? await rebuildOrder(ctx, one) : undefined)",
      "(isPaying(session) ? ((await rebuildOrder) as undefined) : undefined)",
    ],
    dies: RESTORE,
    by: "is found by its payment page",
  },
  {
    name: "a lost order is not written again by its refund",
    change: ["found ?? (await rebuildOrder(ctx, { ...origin, orderId }))", "found"],
    dies: RESTORE,
    by: "is found by the news of its refund alone",
  },
  {
    name: "an order that nobody paid is written again",
    change: ["orderId === null || !isPaying(session)", "orderId === null"],
    dies: RESTORE,
    by: "is nothing to write again when nobody paid",
  },
  {
    name: "a lost order is lost for good when its code is not good any more",
    change: ["if (!byRefusal(error, CODE_REFUSALS)) throw error;", "throw error;"],
    dies: RESTORE,
    by: "although its code is not good",
  },
  {
    name: "the use of a code is not counted when its order is written again",
    change: ["[insertRestoredUse(origin.orderId, code)]", "[]"],
    dies: RESTORE,
    by: "has its code, its address",
  },
  {
    name: "a lost order is lost for good when its code is not for all of it by now",
    change: [" AND (SELECT discount_code FROM orders WHERE id = NEW.order_id) IS NULL\n", "\n"],
    dies: CODES,
    by: "where its code is for other products by now",
  },
  {
    name: "a lost order is lost for good when its code is of another currency by now",
    change: ["  discount_currency: true,\n", ""],
    dies: CODES,
    by: "where its code is of another currency by now",
  },
  {
    name: "the units of a lost order are refunded as if its code had been for all of them",
    change: ["l.value ->> '$[3]', ${orderedAt(", "1, ${orderedAt("],
    dies: CODES,
    by: "where its code is not there any more",
  },
  {
    name: "nobody remembers at Stripe what a code was for",
    change: ["line.discounted ? 1 : 0]", "1]"],
    dies: CODES,
    by: "where its code is not there any more",
  },
  {
    name: "nobody is called to a payment whose order is refused by a new word",
    change: ["if (refusal === undefined) throw error;", "if (refusal !== '') throw error;"],
    in: "rebuild-order",
    dies: CODES,
    by: "calls a person to its payment, and is written once they have seen to it",
  },
  {
    name: "who comes second to a lost order calls a person to it",
    change: ["if (why !== undefined && order === undefined) {", "if (why !== undefined) {"],
    dies: RESTORE,
    by: "calls nobody to it where somebody else has written it",
  },
  {
    name: "a lost order's goods are held twice",
    change: [
      "await writeOver(ctx, { id: hold, statements: [] }, known, use);",
      `await writeOver(ctx, { id: hold && "", statements: [] }, known, use);`,
    ],
    dies: RESTORE,
    by: "has its own hold again",
  },
  {
    name: "a lost order is lost for good when its hold is not there",
    change: ["if (!byRefusal(error, HOLD_REFUSALS)) throw error;", "throw error;"],
    dies: RESTORE,
    by: "is written again from its payment",
  },
  {
    name: "a lost order waits for a hold that another order has",
    change: ["  reservation_claimed: true,\n", ""],
    dies: RESTORE,
    by: "has a new hold where its own is another order's",
  },
  {
    name: "nobody is called to a payment whose order cannot be written",
    change: [
      "await writeStep(ctx, callToLostOrder(ctx, origin, { number: memo?.number, why }));",
      "",
    ],
    dies: RESTORE,
    by: "whose goods are gone calls a person",
  },
  {
    name: "the shop opens before the payment pages are read",
    change: [` && run.readToEnd.has("sessions")`, ""],
    dies: REOPENING,
    by: "sells nothing until",
  },
  {
    name: "the shop opens before the events are read",
    change: [`run.readToEnd.has("events") && `, ""],
    dies: REOPENING,
    by: "sells nothing until",
  },
  {
    name: "the shop opens without what is young",
    change: [
      "run.restore === undefined ? usual : -CLOCKS_DIFFER_MS",
      "CLOCKS_DIFFER_MS > 0 ? usual : 0",
    ],
    dies: REOPENING,
    by: "sells nothing until",
  },
  {
    name: "the shop opens without what Stripe's clock calls later",
    change: [
      "run.restore === undefined ? usual : -CLOCKS_DIFFER_MS",
      "run.restore === undefined ? usual : CLOCKS_DIFFER_MS - CLOCKS_DIFFER_MS",
    ],
    dies: REOPENING,
    by: "opens with all that was paid, also where Stripe's clock is ahead",
  },
  {
    name: "the shop opens under numbers that were given out",
    change: [
      "[raiseOrderNumbers(ordersFrom), setOpenedFrom(ordersFrom)]",
      "[setOpenedFrom(ordersFrom)]",
    ],
    dies: REOPENING,
    by: "sells nothing until",
  },
  {
    name: "a shop that is not open sells",
    change: ["WHERE NEW.asked_from <> OLD.opened_from", "WHERE 0"],
    dies: REOPENING,
    by: "is closed first",
  },
  {
    name: "the row of the opening is deleted, and everything is open",
    change: [
      "CREATE TRIGGER opening_no_delete BEFORE DELETE ON opening BEGIN\n  SELECT RAISE(ABORT, 'shop_not_open');",
      "CREATE TRIGGER opening_no_delete BEFORE DELETE ON opening BEGIN\n  SELECT 1;",
    ],
    dies: REOPENING,
    by: "is put back without being closed",
  },
  {
    name: "a closed shop holds",
    change: ["[requireOpen(ctx.config), ...statements]", "statements"],
    dies: REOPENING,
    by: "is closed first",
  },
  {
    name: "a closed shop takes orders",
    change: ["    requireOpen(ctx.config),\n", ""],
    in: "open-order",
    dies: REOPENING,
    by: "is closed first",
  },
  {
    name: "closed is a number like others",
    change: ["ordersFrom ?? NEVER", "ordersFrom ?? 1001"],
    dies: REOPENING,
    by: "is closed first",
  },
  {
    name: "a text is torn or trimmed at Stripe",
    change: ["/[^\\x21-\\x7e]/g", "/[^\\0-\\uffff]/g"],
    dies: ORDER_MEMO,
    by: "comes back as it went",
  },
  {
    name: "a memo of too many parts is refused by Stripe",
    change: ["if (parts > MAX_PARTS) return {};", ""],
    dies: ORDER_MEMO,
    by: "is left out when it is too long",
  },
  {
    name: "an order's number goes back",
    change: ["WHEN NEW.next < OLD.next BEGIN", "WHEN 0 BEGIN"],
    dies: NUMBERS,
    by: "never go back",
  },
  {
    name: "the row of the next number is deleted",
    change: [
      "CREATE TRIGGER order_numbers_no_delete BEFORE DELETE ON order_numbers BEGIN\n  SELECT RAISE(ABORT, 'order_numbers_go_back');",
      "CREATE TRIGGER order_numbers_no_delete BEFORE DELETE ON order_numbers BEGIN\n  SELECT 1;",
    ],
    dies: NUMBERS,
    by: "never go back",
  },
  {
    name: "an order's number is not taken from the sequence",
    change: [
      "UPDATE order_numbers SET next = NEW.number + 1 WHERE id = 1 AND next <= NEW.number;",
      "SELECT 1;",
    ],
    dies: NUMBERS,
    by: "count up from 1001",
  },
  {
    name: "the next number follows the number that an order has, not the last given out",
    change: [
      "sql`(SELECT next FROM order_numbers WHERE id = 1)`",
      "sql`(SELECT coalesce(max(number) + 1, 1001) FROM orders)`",
    ],
    dies: NUMBERS,
    by: "go on after the last",
  },
  {
    name: "an order that is written again brings the sequence back",
    change: ["WHERE id = 1 AND next <= NEW.number", "WHERE id = 1"],
    dies: NUMBERS,
    by: "go on after the largest",
  },
];
