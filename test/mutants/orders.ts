import type { Mutant } from "./mutant.ts";

const BY_HAND = "test/orders/by-hand.test.ts";
const STATES = "test/platform/states.test.ts";

const AMOUNTS = `CHECK(min("orders"."subtotal", "orders"."discount", "orders"."shipping", "orders"."tax", "orders"."captured", "orders"."refunded") >= 0`;

/** One of an order's amounts may be below nothing. */
const mayBeNegative = (column: string, by: string): Mutant => ({
  name: `an order's ${column} is below nothing`,
  change: [AMOUNTS, AMOUNTS.replace(`"orders"."${column}"`, "0")],
  dies: BY_HAND,
  by,
});

const TOTAL = `"orders"."total" = "orders"."subtotal" - "orders"."discount" + "orders"."shipping" + "orders"."tax"`;

/** An order's total leaves one of its parts out. */
const leavesOut = (column: string): Mutant => ({
  name: `an order's total leaves its ${column} out`,
  change: [TOTAL, TOTAL.replace(new RegExp(`[-+] "orders"."${column}"`), "")],
  dies: BY_HAND,
  by: `of a total without its ${column === "shipping" ? "delivery" : column} is refused`,
});

/** The sums of an order. What was taken is not below nothing, for what went back is neither below nothing nor more. */
const SUMS: readonly Mutant[] = [
  mayBeNegative("subtotal", "of goods below nothing is refused"),
  mayBeNegative("discount", "of a discount below nothing is refused"),
  mayBeNegative("shipping", "of a delivery below nothing is refused"),
  mayBeNegative("tax", "of a tax below nothing is refused"),
  mayBeNegative("refunded", "of a refund below nothing is refused"),
  {
    name: "an order asks for nothing",
    change: [`>= 0 AND "orders"."total" > 0)`, ">= 0)"],
    dies: BY_HAND,
    by: "of nothing to pay is refused",
  },
  {
    name: "an order's total has nothing to do with its goods",
    change: [TOTAL, `"orders"."total" >= 0`],
    dies: BY_HAND,
    by: "of a total without its goods is refused",
  },
  leavesOut("discount"),
  leavesOut("shipping"),
  leavesOut("tax"),
  {
    name: "more of an order goes back than was taken for it",
    change: [`CHECK("orders"."refunded" <= "orders"."captured")`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of more refunds than payments is refused",
  },
  {
    name: "an order in half a currency",
    change: [`CHECK(length("orders"."currency") = 3)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "in a currency of two letters is refused",
  },
];

/** What an order is, and what was. */
const ROWS: readonly Mutant[] = [
  {
    name: "an order in a state that there is not",
    change: [
      `CHECK("orders"."status" IN ('pending_payment', 'paid', 'canceled', 'expired'))`,
      "CHECK(1)",
    ],
    dies: STATES,
    by: "order.status takes no state that is not in its table",
  },
  {
    name: "an order's payment in a state that there is not",
    change: [
      `CHECK("orders"."payment_status" IN ('unpaid', 'processing', 'paid', 'partially_refunded', 'refunded', 'disputed', 'failed'))`,
      "CHECK(1)",
    ],
    dies: STATES,
    by: "order.payment_status takes no state that is not in its table",
  },
  {
    name: "an order's shipment in a state that there is not",
    change: [
      `CHECK("orders"."fulfillment_status" IN ('unfulfilled', 'partially_fulfilled', 'fulfilled'))`,
      "CHECK(1)",
    ],
    dies: STATES,
    by: "order.fulfillment_status takes no state that is not in its table",
  },
  {
    name: "an order needs a person, and nobody knows since when",
    change: [
      `CHECK(("orders"."attention_reason" IS NULL) = ("orders"."attention_since" IS NULL))`,
      "CHECK(1)",
    ],
    dies: BY_HAND,
    by: "that needs a person since no time is refused",
  },
  {
    name: "two orders have one number",
    change: ["CREATE UNIQUE INDEX `orders_number_unique`", "CREATE INDEX `orders_number_unique`"],
    dies: BY_HAND,
    by: "has a number of its own",
  },
  {
    name: "two orders are made of one hold",
    change: [
      "CREATE UNIQUE INDEX `orders_reservation_id_unique`",
      "CREATE INDEX `orders_reservation_id_unique`",
    ],
    dies: BY_HAND,
    by: "has a hold of its own, though nobody says by then that it is taken",
  },
  {
    name: "a line of no units",
    change: [`CHECK("order_lines"."quantity" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "do not take a line of no units",
  },
  {
    name: "a line of no price",
    change: [`CHECK("order_lines"."unit_amount" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "do not take a line of no price",
  },
  {
    name: "what was bought is rewritten",
    change: ["BEFORE UPDATE ON order_lines BEGIN", "BEFORE UPDATE ON order_lines WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "do not take another line",
  },
  {
    name: "what was bought is deleted",
    change: ["BEFORE DELETE ON order_lines BEGIN", "BEFORE DELETE ON order_lines WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "do not take a line less",
  },
  {
    name: "two steps of an order happen at once",
    change: ["PRIMARY KEY(`order_id`, `seq`),", ""],
    dies: BY_HAND,
    by: "do not take a step that is there",
  },
  {
    name: "what happened to an order is rewritten",
    change: ["BEFORE UPDATE ON order_events BEGIN", "BEFORE UPDATE ON order_events WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "do not take another step",
  },
  {
    name: "what happened to an order is deleted",
    change: ["BEFORE DELETE ON order_events BEGIN", "BEFORE DELETE ON order_events WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "do not take a step less",
  },
];

const CLAIM = "CREATE TRIGGER orders_claim_reservation";

/** An order takes over a live hold that is its own. */
const CLAIMS: readonly Mutant[] = [
  {
    name: "an order of a hold that there is not says so in other words",
    change: [
      "WHERE NOT EXISTS (SELECT 1 FROM reservations WHERE id = NEW.reservation_id);",
      "WHERE 0;",
    ],
    dies: BY_HAND,
    by: "of a hold that there is not is refused",
  },
  {
    name: "an order of a hold that has one says so in other words",
    change: ["AND order_id IS NOT NULL;", "AND 0;"],
    after: CLAIM,
    dies: BY_HAND,
    by: "has a hold of its own",
  },
  {
    name: "an order is made of a hold that is over at this instant",
    change: ["expires_at <= NEW.created_at", "expires_at < NEW.created_at"],
    after: CLAIM,
    dies: BY_HAND,
    by: "is not made of a hold that is over at this instant",
  },
  {
    name: "an order is made of a hold that is over, before the sweep comes",
    change: [
      "(status = 'expired' OR (status = 'held' AND expires_at <= NEW.created_at))",
      "status = 'expired'",
    ],
    dies: BY_HAND,
    by: "is not made of a hold that is over at this instant",
  },
  {
    name: "a hold that the sweep has ended is called given back",
    change: [
      "(status = 'expired' OR (status = 'held' AND expires_at <= NEW.created_at))",
      "(status = 'held' AND expires_at <= NEW.created_at)",
    ],
    dies: BY_HAND,
    by: "is not made of a hold that the sweep has ended",
  },
  {
    name: "a hold that was given back is called over",
    change: ["(status = 'held' AND expires_at <= NEW.created_at)", "expires_at <= NEW.created_at"],
    after: CLAIM,
    dies: BY_HAND,
    by: "is not made of a hold that was given back and would be over",
  },
  {
    name: "an order is made of a hold that has ended",
    change: ["WHERE id = NEW.reservation_id AND status <> 'held';", "WHERE 0;"],
    dies: BY_HAND,
    by: "is not made of a hold that was given back",
  },
  {
    name: "the hold of an order does not know of it",
    change: [
      "UPDATE reservations SET order_id = NEW.id WHERE id = NEW.reservation_id;",
      "SELECT 1;",
    ],
    dies: BY_HAND,
    by: "takes its hold over, and no other",
  },
  {
    name: "an order of one account is made of another's hold",
    change: ["AND r.account_id IS NOT NEW.account_id\n)", "AND 0\n)"],
    dies: "test/identity/accounts.test.ts",
    by: "can be checked out only by its account, and the refusal says nothing",
  },
  {
    name: "a guest's hold makes no order of an account",
    change: [
      "AND r.account_id IS NOT NULL AND r.account_id IS NOT NEW.account_id",
      "AND r.account_id IS NOT NEW.account_id",
    ],
    dies: BY_HAND,
    by: "of a guest's hold for an account: taken",
  },
  {
    name: "one hold of an account keeps others from making orders",
    change: [
      "WHERE r.id = NEW.reservation_id AND r.account_id IS NOT NULL",
      "WHERE r.account_id IS NOT NULL",
    ],
    dies: BY_HAND,
    by: "of its own hold, whatever others hold",
  },
];

const WITHIN = "CREATE TRIGGER fulfillment_lines_within_order";

/** No unit is sent that was not bought, or twice. */
const SHIPMENTS: readonly Mutant[] = [
  {
    name: "a shipment of no units",
    change: [`CHECK("fulfillment_lines"."quantity" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "is not of no units",
  },
  {
    name: "a shipment has one SKU twice",
    change: ["PRIMARY KEY(`fulfillment_id`, `sku`),", ""],
    dies: BY_HAND,
    by: "is not of one SKU twice",
  },
  {
    name: "something is sent that was not bought",
    change: [
      ",\n\tFOREIGN KEY (`order_id`,`sku`) REFERENCES `order_lines`(`order_id`,`sku`) ON UPDATE no action ON DELETE no action",
      "",
    ],
    after: "CREATE TABLE `fulfillment_lines`",
    dies: BY_HAND,
    by: "is not of what was not bought",
  },
  {
    name: "an order is sent that is not paid",
    change: ["WHEN (SELECT status FROM orders WHERE id = NEW.order_id) <> 'paid'", "WHEN 0"],
    dies: BY_HAND,
    by: "is of a paid order",
  },
  {
    name: "an order is not sent while another is not paid",
    change: [
      "WHEN (SELECT status FROM orders WHERE id = NEW.order_id) <> 'paid'",
      "WHEN EXISTS (SELECT 1 FROM orders WHERE status <> 'paid')",
    ],
    dies: BY_HAND,
    by: "of one order counts for no other",
  },
  {
    name: "more is sent than was bought",
    change: ["WHEN NEW.quantity + (", "WHEN 0 * ("],
    after: WITHIN,
    dies: "test/orders/fulfillments.test.ts",
    by: "keeps the database's own count: no unit is sent that was not bought",
  },
  {
    name: "what was sent before does not count",
    change: ["coalesce(sum(quantity), 0)", "0"],
    after: WITHIN,
    dies: BY_HAND,
    by: "is not of more than is left",
  },
  {
    name: "what was sent of one order counts for all",
    change: ["WHERE order_id = NEW.order_id AND sku = NEW.sku)\n  >", "WHERE sku = NEW.sku)\n  >"],
    dies: BY_HAND,
    by: "of one order counts for no other",
  },
  {
    name: "what was sent of one SKU counts for all",
    change: [
      "WHERE order_id = NEW.order_id AND sku = NEW.sku)\n  >",
      "WHERE order_id = NEW.order_id)\n  >",
    ],
    dies: BY_HAND,
    by: "of one SKU counts for no other",
  },
  {
    name: "as many of one SKU are sent as were bought of another",
    change: [
      "> (SELECT quantity FROM order_lines WHERE order_id = NEW.order_id AND sku = NEW.sku)",
      "> (SELECT max(quantity) FROM order_lines WHERE order_id = NEW.order_id)",
    ],
    dies: BY_HAND,
    by: "is not of more of one SKU, as there is of the other",
  },
  {
    name: "what was sent is rewritten",
    change: [
      "BEFORE UPDATE ON fulfillment_lines BEGIN",
      "BEFORE UPDATE ON fulfillment_lines WHEN 0 BEGIN",
    ],
    dies: BY_HAND,
    by: "is not of another number",
  },
  {
    name: "what was sent is deleted",
    change: [
      "BEFORE DELETE ON fulfillment_lines BEGIN",
      "BEFORE DELETE ON fulfillment_lines WHEN 0 BEGIN",
    ],
    dies: BY_HAND,
    by: "is not of nothing any more",
  },
];

/** Orders and shipments, as the database holds them. */
export const ORDERS: readonly Mutant[] = [...SUMS, ...ROWS, ...CLAIMS, ...SHIPMENTS];
