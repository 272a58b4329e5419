import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/orders/by-hand.test.ts";

const AMOUNTS = `CHECK(min("orders"."subtotal", "orders"."discount", "orders"."shipping", "orders"."tax", "orders"."total", "orders"."captured", "orders"."refunded") >= 0`;

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

const STATES = "test/platform/states.test.ts";

/** The sums of an order, what was bought and what was. What was taken is not below nothing, for what went back is neither below nothing nor more. */
export const ORDERS: readonly Mutant[] = [
  mayBeNegative("subtotal", "of goods below nothing is refused"),
  mayBeNegative("discount", "of a discount below nothing is refused"),
  mayBeNegative("shipping", "of a delivery below nothing is refused"),
  mayBeNegative("tax", "of a tax below nothing is refused"),
  mayBeNegative("refunded", "of a refund below nothing is refused"),
  {
    name: "an order's total is below nothing",
    change: [
      `"orders"."tax", "orders"."total", "orders"."captured"`,
      `"orders"."tax", 0, "orders"."captured"`,
    ],
    dies: BY_HAND,
    by: "of a total below nothing is refused",
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
    name: "a line is there twice",
    change: ["PRIMARY KEY(`order_id`, `sku`),", ""],
    dies: BY_HAND,
    by: "do not take a line that is there",
  },
  {
    name: "what was bought is rewritten",
    change: ["BEFORE UPDATE ON order_lines BEGIN", "BEFORE UPDATE ON order_lines WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "do not take another line",
  },
  {
    name: "what was bought is deleted",
    change: [
      "BEFORE DELETE ON order_lines\nWHEN EXISTS",
      "BEFORE DELETE ON order_lines\nWHEN 0 AND EXISTS",
    ],
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
    change: [
      "BEFORE DELETE ON order_events\nWHEN EXISTS",
      "BEFORE DELETE ON order_events\nWHEN 0 AND EXISTS",
    ],
    dies: BY_HAND,
    by: "do not take a step less",
  },
];
