import type { Mutant } from "./mutant.ts";

const STATES = "test/platform/states.test.ts";
const LATE = "test/payments/late-money.test.ts";
const WAYS = "test/payments/ways.test.ts";
const EXPIRE = "test/checkout/expire.test.ts";
const CANCEL = "test/checkout/cancel.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const REFUNDS = "test/payments/refund-api.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const DISPUTES = "test/payments/disputes.test.ts";
const FULFILL = "test/orders/fulfillments.test.ts";

/** A move that the database forbids although it must be: the test is one that makes it. */
const forbidden = (
  machine: string,
  [from, to]: readonly [string, string],
  [dies, by]: readonly [string, string],
): Mutant => ({
  name: `${machine} cannot move from ${from} to ${to}`,
  change: [`('${machine}', '${from}', '${to}')`, `('${machine}', '${from}', 'nowhere')`],
  dies,
  by,
});

/** A move that must not be. */
const allowed = (machine: string, from: string, to: string, trigger: string): Mutant => ({
  name: `${machine} moves from ${from} to ${to}`,
  change: [
    `WHERE machine = '${machine}' AND from_state = OLD.${trigger} AND to_state = NEW.${trigger}`,
    `WHERE (OLD.${trigger} = '${from}' AND NEW.${trigger} = '${to}') OR (machine = '${machine}' AND from_state = OLD.${trigger} AND to_state = NEW.${trigger})`,
  ],
  dies: STATES,
  by: `${machine} moves as its table says, and in no other way, whoever writes`,
});

const told: readonly [string, string] = [STATES, "are the same in the database and in the code"];

const RESERVATION = [
  forbidden(
    "reservation",
    ["held", "committed"],
    ["test/purchase.test.ts", "goes from the shelf to a paid order with a receipt"],
  ),
  forbidden(
    "reservation",
    ["held", "released"],
    ["test/inventory/reservations.test.ts", "frees the stock once, however often it is asked"],
  ),
  forbidden(
    "reservation",
    ["held", "expired"],
    [
      "test/inventory/expiry.test.ts",
      "is ended by the sweep, not a millisecond sooner, and its stock is free",
    ],
  ),
  allowed("reservation", "released", "held", "status"),
  allowed("reservation", "expired", "held", "status"),
  allowed("reservation", "expired", "committed", "status"),
  allowed("reservation", "committed", "released", "status"),
];

const ORDER = [
  forbidden(
    "order.status",
    ["pending_payment", "paid"],
    ["test/purchase.test.ts", "goes from the shelf to a paid order with a receipt"],
  ),
  forbidden(
    "order.status",
    ["pending_payment", "canceled"],
    [
      CANCEL,
      "is canceled by the guest who has its token: the page is closed first, then the stock is free",
    ],
  ),
  forbidden(
    "order.status",
    ["pending_payment", "expired"],
    [EXPIRE, "ends after 15 minutes: first the page is closed at Stripe, then the stock is free"],
  ),
  forbidden(
    "order.status",
    ["paid", "canceled"],
    [
      CANCEL_PAID,
      "gives all of its money back and all of its goods to the shelf, and its buyer is told once",
    ],
  ),
  forbidden("order.status", ["expired", "paid"], [LATE, "is a sale when the stock is still there"]),
  allowed("order.status", "canceled", "paid", "status"),
  allowed("order.status", "paid", "pending_payment", "status"),
  allowed("order.status", "paid", "expired", "status"),
  allowed("order.status", "expired", "canceled", "status"),
];

const PAYMENT_STATUS = [
  forbidden(
    "order.payment_status",
    ["unpaid", "processing"],
    [WAYS, "holds the stock beyond the 15 minutes, and the hold says so"],
  ),
  forbidden(
    "order.payment_status",
    ["unpaid", "paid"],
    ["test/purchase.test.ts", "goes from the shelf to a paid order with a receipt"],
  ),
  forbidden("order.payment_status", ["unpaid", "failed"], told),
  forbidden(
    "order.payment_status",
    ["processing", "paid"],
    [WAYS, "that arrives after days is a sale with one receipt"],
  ),
  forbidden(
    "order.payment_status",
    ["processing", "failed"],
    [WAYS, "that fails after days gives the stock back"],
  ),
  forbidden("order.payment_status", ["failed", "paid"], told),
  forbidden(
    "order.payment_status",
    ["paid", "partially_refunded"],
    [REFUNDS, "of items is their share of what was paid, and takes back what came back"],
  ),
  forbidden(
    "order.payment_status",
    ["paid", "refunded"],
    [
      REFUNDS,
      "of everything that is left is promised at once, sent to Stripe, booked and told once",
    ],
  ),
  forbidden(
    "order.payment_status",
    ["paid", "disputed"],
    [DISPUTES, "writes each step into the order's history once, and calls the operators once"],
  ),
  forbidden(
    "order.payment_status",
    ["partially_refunded", "paid"],
    [DASHBOARD, "that fails after it succeeded is taken out again, and calls a person"],
  ),
  forbidden(
    "order.payment_status",
    ["partially_refunded", "refunded"],
    [DASHBOARD, "of parts, one after the other, adds up"],
  ),
  forbidden("order.payment_status", ["partially_refunded", "disputed"], told),
  forbidden("order.payment_status", ["refunded", "paid"], told),
  forbidden("order.payment_status", ["refunded", "partially_refunded"], told),
  forbidden("order.payment_status", ["refunded", "disputed"], told),
  forbidden(
    "order.payment_status",
    ["disputed", "paid"],
    [DISPUTES, "that is won can be refunded after all"],
  ),
  forbidden(
    "order.payment_status",
    ["disputed", "partially_refunded"],
    [DISPUTES, "over a part of the payment takes that part"],
  ),
  forbidden(
    "order.payment_status",
    ["disputed", "refunded"],
    [DISPUTES, "that is lost is a refund by the bank, under the dispute's own id"],
  ),
  allowed("order.payment_status", "paid", "unpaid", "payment_status"),
  allowed("order.payment_status", "paid", "failed", "payment_status"),
  allowed("order.payment_status", "refunded", "unpaid", "payment_status"),
];

const FULFILLMENT = [
  forbidden(
    "order.fulfillment_status",
    ["unfulfilled", "partially_fulfilled"],
    [FULFILL, "in parcels, the last one of what is left"],
  ),
  forbidden(
    "order.fulfillment_status",
    ["unfulfilled", "fulfilled"],
    [FULFILL, "whole, with tracking, is written down and told to its buyer once"],
  ),
  forbidden(
    "order.fulfillment_status",
    ["partially_fulfilled", "fulfilled"],
    [FULFILL, "in parcels, the last one of what is left"],
  ),
  allowed("order.fulfillment_status", "fulfilled", "unfulfilled", "fulfillment_status"),
];

const PAYMENT = [
  forbidden(
    "payment",
    ["pending", "processing"],
    [WAYS, "holds the stock beyond the 15 minutes, and the hold says so"],
  ),
  forbidden(
    "payment",
    ["pending", "succeeded"],
    ["test/purchase.test.ts", "goes from the shelf to a paid order with a receipt"],
  ),
  forbidden("payment", ["pending", "failed"], told),
  forbidden(
    "payment",
    ["pending", "expired"],
    [EXPIRE, "ends after 15 minutes: first the page is closed at Stripe, then the stock is free"],
  ),
  forbidden(
    "payment",
    ["processing", "succeeded"],
    [WAYS, "that arrives after days is a sale with one receipt"],
  ),
  forbidden(
    "payment",
    ["processing", "failed"],
    [WAYS, "that fails after days gives the stock back"],
  ),
  forbidden("payment", ["failed", "succeeded"], told),
  forbidden("payment", ["expired", "processing"], told),
  forbidden("payment", ["expired", "succeeded"], [LATE, "is a sale when the stock is still there"]),
  allowed("payment", "succeeded", "pending", "status"),
];

const REFUND_AND_DISPUTE = [
  forbidden(
    "refund",
    ["pending", "succeeded"],
    [
      REFUNDS,
      "of everything that is left is promised at once, sent to Stripe, booked and told once",
    ],
  ),
  forbidden(
    "refund",
    ["pending", "failed"],
    ["test/payments/refunds.test.ts", "that no retry brings to Stripe calls a person, once"],
  ),
  forbidden(
    "refund",
    ["succeeded", "failed"],
    [DASHBOARD, "that fails after it succeeded is taken out again, and calls a person"],
  ),
  forbidden("dispute", ["open", "won"], [DISPUTES, "that is won can be refunded after all"]),
  forbidden(
    "dispute",
    ["open", "lost"],
    [DISPUTES, "that is lost is a refund by the bank, under the dispute's own id"],
  ),
  forbidden(
    "dispute",
    ["lost", "won"],
    ["test/payments/dispute-events.test.ts", "that are won after an appeal bring the money back"],
  ),
  allowed("refund", "failed", "pending", "status"),
  allowed("dispute", "won", "open", "status"),
];

/**
 * What else the triggers ask. Whose moves a machine makes is told apart only where another one moves between states of
 * the same names: a payment's from those of a refund, and the other way round.
 */
const TRIGGERS: readonly Mutant[] = [
  ...["payment", "refund"].map(
    (machine): Mutant => ({
      name: `${machine} moves as others do`,
      change: [`WHERE machine = '${machine}' AND from_state`, "WHERE from_state"],
      dies: STATES,
      by: `${machine} moves as its table says, and in no other way, whoever writes`,
    }),
  ),
  ...[
    ["reservations", "reservation", "status"],
    ["orders", "order.status", "status"],
    ["orders", "order.payment_status", "payment_status"],
    ["orders", "order.fulfillment_status", "fulfillment_status"],
    ["payments", "payment", "status"],
    ["refunds", "refund", "status"],
    ["disputes", "dispute", "status"],
  ].map(
    ([table = "", machine = "", column = ""]): Mutant => ({
      name: `${machine} that is written again moves`,
      change: [`WHEN OLD.${column} <> NEW.${column} AND NOT EXISTS`, "WHEN NOT EXISTS"],
      after: `BEFORE UPDATE OF ${column} ON ${table}`,
      dies: STATES,
      by: `${machine} moves as its table says, and in no other way, whoever writes`,
    }),
  ),
];

/** Which state follows which: the rows of the table, and the triggers that read it. */
export const TRANSITIONS: readonly Mutant[] = [
  ...RESERVATION,
  ...ORDER,
  ...PAYMENT_STATUS,
  ...FULFILLMENT,
  ...PAYMENT,
  ...REFUND_AND_DISPUTE,
  ...TRIGGERS,
];
