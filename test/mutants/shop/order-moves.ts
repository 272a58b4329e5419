import type { Mutant } from "../mutant.ts";
import { allowed, forbidden, told } from "./move.ts";

const LATE = "test/payments/late-money.test.ts";
const WAYS = "test/payments/ways.test.ts";
const EXPIRE = "test/checkout/expire.test.ts";
const CANCEL = "test/checkout/cancel.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const REFUNDS = "test/payments/refund-api.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const DISPUTES = "test/payments/disputes.test.ts";
const FULFILL = "test/orders/fulfillments.test.ts";

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

/** Which state of an order follows which. */
export const ORDER_MOVES: readonly Mutant[] = [...ORDER, ...PAYMENT_STATUS, ...FULFILLMENT];
