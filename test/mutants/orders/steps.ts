import type { Mutant } from "../mutant.ts";

const REFUNDS = "test/payments/refunds.test.ts";
const WAYS = "test/payments/ways.test.ts";
const CANCEL = "test/checkout/cancel.test.ts";
const TOLD = "test/payments/told-of-banks.test.ts";
const HISTORY = "test/orders/history.test.ts";
const TOO_LITTLE = "test/discounts/too-little.test.ts";

/** What each step makes of an order. */
export const ORDER_STEPS: readonly Mutant[] = [
  {
    name: "a paid order waits for its payment",
    change: [
      'patch: { ...paidPatch(order, paying), status: "paid", ...sold },',
      "patch: { ...paidPatch(order, paying), ...sold },",
    ],
    dies: WAYS,
    by: "that is declined leaves everything as it was; the next card buys",
  },
  {
    name: "what was chosen on the page is not what the order is for",
    change: ['status: "paid", ...sold },', 'status: "paid" },'],
    dies: "test/checkout/totals.test.ts",
    by: "comes on top of prices where they are without it",
  },
  {
    name: "money of another currency counts as the order's",
    change: ["total.currency === order.currency ? total.amount : 0", "total.amount"],
    dies: REFUNDS,
    by: "(in another currency) buys nothing, calls a person and goes back whole",
  },
  {
    name: "an order takes its address from the page though it had one",
    change: [
      "captured: total.currency === order.currency ? total.amount : 0,\n    email: addressOf(order, email),",
      "captured: total.currency === order.currency ? total.amount : 0,\n    email: email ?? order.email,",
    ],
    dies: WAYS,
    by: "leaves the address that the checkout had, whatever the payment page was told",
  },
  {
    name: "an order never learns its address from the page",
    change: [
      "captured: total.currency === order.currency ? total.amount : 0,\n    email: addressOf(order, email),",
      "captured: total.currency === order.currency ? total.amount : 0,",
    ],
    dies: WAYS,
    by: "takes the address from the payment page when the checkout had none",
  },
  {
    name: "a payment does not know what it has brought",
    change: [
      'return { status: "succeeded", captured: total.amount, sessionId, providerPaymentId };',
      'return { status: "succeeded", captured: 1, sessionId, providerPaymentId };',
    ],
    dies: "test/payments/refund-api.test.ts",
    by: "of everything that is left is promised at once, sent to Stripe, booked and told once",
  },
  {
    name: "an order is canceled by a payment of another amount and stays open",
    change: ['...(status === "pending_payment" ? { status: "canceled" } : {}),', ""],
    dies: REFUNDS,
    by: "(less) buys nothing, calls a person and goes back whole",
  },
  {
    name: "an order that expired is canceled by a payment of another amount",
    change: [
      '...(status === "pending_payment" ? { status: "canceled" } : {}),',
      'status: "canceled" as const,',
    ],
    dies: REFUNDS,
    by: "of an order that is over goes back all the same",
  },
  {
    name: "a payment of another amount marks no order",
    change: ['      ...marked("amount_mismatch", now),\n', ""],
    dies: REFUNDS,
    by: "(less) buys nothing, calls a person and goes back whole",
  },
  {
    name: "a page that a bank works on is not written down",
    change: [
      'status === "pending" ? { status: "processing", sessionId, providerPaymentId } : undefined,',
      'status === "pending" ? { status: "processing", providerPaymentId } : undefined,',
    ],
    dies: "test/payments/reconcile-orders.test.ts",
    by: "are read where the page became known by its webhook alone",
  },
  {
    name: "an order at a bank does not learn its address",
    change: [
      'patch: { paymentStatus: "processing", email: addressOf(order, email) },',
      'patch: { paymentStatus: "processing" },',
    ],
    dies: TOLD,
    by: "is told of that at the address that the page has asked for",
  },
  {
    name: "an order whose bank says no stays open",
    change: [
      '? { status: "canceled", paymentStatus: "failed", email: addressOf(order, email) }',
      '? { paymentStatus: "failed", email: addressOf(order, email) }',
    ],
    dies: WAYS,
    by: "that fails after days gives the stock back",
  },
  {
    name: "an order that is over is canceled by its bank",
    change: [
      '        : { paymentStatus: "failed" },',
      '        : { status: "canceled", paymentStatus: "failed" },',
    ],
    dies: WAYS,
    by: "whose bank answers after that is late money: failed",
  },
  {
    name: "an order that fails without an address never learns one",
    change: [
      'paymentStatus: "failed", email: addressOf(order, email) }',
      'paymentStatus: "failed" }',
    ],
    dies: TOLD,
    by: "is told when that is the first word of it, at the address that the page has asked for",
  },
  {
    name: "a payment that a bank refuses is under way",
    change: [
      'payments: ends("failed", ["pending", "processing"]),',
      'payments: ends("failed", ["pending"]),',
    ],
    dies: WAYS,
    by: "whose bank answers after that is late money: failed",
  },
  {
    name: "what a bank works on expires with its order",
    change: [
      'data: givenUp(order),\n    payments: ends("expired", ["pending"]),',
      'data: givenUp(order),\n    payments: ends("expired", ["pending", "processing"]),',
    ],
    dies: WAYS,
    by: "whose bank answers after that is late money: failed",
  },
  {
    name: "the payment of an order that expires waits for ever",
    change: [
      'data: givenUp(order),\n    payments: ends("expired", ["pending"]),',
      "data: givenUp(order),",
    ],
    dies: "test/checkout/expire.test.ts",
    by: "ends after 15 minutes: first the page is closed at Stripe, then the stock is free",
  },
  {
    name: "the payment of an order that is canceled waits for ever",
    change: ['payments: ends("expired", ["pending"]),\n          ...(standIn', "...(standIn"],
    dies: CANCEL,
    by: "is canceled by the guest who has its token",
  },
  {
    name: "an order keeps the hold that it leaves to another",
    change: [
      'patch: { status: "canceled", ...(standIn && { reservationId: standIn }) },',
      'patch: { status: "canceled" },',
    ],
    dies: TOO_LITTLE,
    by: "is named as what is wrong, and the hold stays for a try without it",
  },
  {
    name: "the history keeps to itself which code is good again",
    change: ['status === "pending_payment" && discountCode !== null ? { discountCode } : {}', "{}"],
    dies: HISTORY,
    by: "tells why an order ended unpaid, and which code is good again",
  },
  {
    name: "a code that was given back is said to be good again twice",
    change: ['status === "pending_payment" && discountCode !== null ?', "discountCode !== null ?"],
    dies: HISTORY,
    by: "says once that a code is good again",
  },
];
