import type { Mutant } from "../mutant.ts";

const LATE_CODES = "test/discounts/late-codes.test.ts";
const LATE = "test/payments/late-money.test.ts";
const WAYS = "test/payments/ways.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const TOTALS = "test/checkout/totals.test.ts";
const MISMATCHED = "(less) buys nothing, calls a person and goes back whole";

/** What follows from where a payment session is. */
export const SETTLING: readonly Mutant[] = [
  {
    name: "an event and its effect are two writes",
    change: [
      "await writeStep(ctx, step, settle);",
      "await writeStep(ctx, { statements: [], promised: [] }, settle);\n      await writeStep(ctx, step);",
    ],
    dies: "test/webhooks/processing.test.ts",
    by: "at its own batch has no effect, and all of it at the next try",
  },
  {
    name: "late money for what is sold out is never decided",
    change: ['  stock_not_oversold: "sold_out",\n  stock_on_hand', "  stock_on_hand"],
    dies: LATE,
    by: "goes back when somebody else holds the stock",
  },
  {
    name: "late money for what is gone is never decided",
    change: ['  stock_on_hand_not_negative: "sold_out",\n', ""],
    dies: LATE,
    by: "goes back when nothing is left at all",
  },
  {
    name: "late money of a code that is used up is never decided",
    change: ['  discounts_used_up: "code_used_up",\n', ""],
    dies: LATE_CODES,
    by: "goes back when somebody else has used the code up meanwhile, or the customer themselves",
  },
  {
    name: "late money of a code that its customer has used is never decided",
    change: ['  discount_used_by_customer: "code_used_up",\n', ""],
    dies: LATE_CODES,
    by: "goes back when somebody of the same account has used the code meanwhile, from another address",
  },
  {
    name: "late money goes back without saying why",
    change: ['const reason = refused ?? "order_canceled";', 'const reason = "order_canceled";'],
    dies: LATE,
    by: "goes back, once and with a word about it, when somebody else has bought the stock",
  },
  {
    name: "what the database refuses to sell late is tried for ever",
    change: ['refused !== undefined && wanted === "sell_late" ? "give_back" : wanted', "wanted"],
    dies: LATE,
    by: "goes back, once and with a word about it, when somebody else has bought the stock",
  },
  {
    name: "a paid order's hold is no sale",
    change: ['    endReservation(order.reservationId, "committed", ctx.now()),\n', ""],
    in: "settling/take-payment.ts",
    dies: WAYS,
    by: "that is declined leaves everything as it was; the next card buys",
  },
  {
    name: "a paid order has no receipt",
    change: [
      '"committed", ctx.now()),\n  ];\n  return joinSteps({ statements, promised: [] }, tellOfSale(ctx, order));',
      '"committed", ctx.now()),\n  ];\n  return joinSteps({ statements, promised: [] });',
    ],
    in: "settling/take-payment.ts",
    dies: "test/purchase.test.ts",
  },
  {
    name: "a late sale takes no stock",
    change: ["    sellWithoutHold(order.id, order.lines, origin),\n", ""],
    dies: LATE,
    by: "is a sale when the stock is still there",
  },
  {
    name: "a late sale has no receipt",
    change: [
      "order.lines, origin),\n  ];\n  return joinSteps({ statements, promised: [] }, tellOfSale(ctx, order));",
      "order.lines, origin),\n  ];\n  return joinSteps({ statements, promised: [] });",
    ],
    dies: LATE,
    by: "is a sale when the stock is still there",
  },
  {
    name: "a late sale is one like any other in its history",
    change: ["...paidWith(order, session), late: true }", "...paidWith(order, session) }"],
    dies: LATE,
    by: "is a sale when the stock is still there",
  },
  {
    name: "money that comes for nothing stays",
    change: ["...[back.sending, told, promiseFound(", "...[told, promiseFound("],
    dies: LATE,
    by: "goes back although the stock is there, and the order stays canceled",
  },
  {
    name: "money goes back and nobody is told",
    change: ["...[back.sending, told, promiseFound(", "...[back.sending, promiseFound("],
    dies: LATE,
    by: "goes back although the stock is there, and the order stays canceled",
  },
  {
    name: "what was asked for goes back, not what came",
    change: ["money: session.total,", "money: { amount: order.total, currency: order.currency },"],
    dies: REFUNDS,
    by: MISMATCHED,
  },
  {
    name: "a payment of another amount keeps its hold",
    change: ['? [endReservation(order.reservationId, "released", ctx.now())]', "? []"],
    dies: REFUNDS,
    by: MISMATCHED,
  },
  {
    name: "a hold that is over is given back with another amount",
    change: [
      "ctx.now())]\n      : [];",
      'ctx.now())]\n      : [endReservation(order.reservationId, "released", ctx.now())];',
    ],
    in: "take-payment",
    dies: REFUNDS,
    by: "of an order that is over goes back all the same",
  },
  {
    name: "nobody is called to a payment of another amount",
    change: [
      "return joinSteps(stopped, back, callToMismatch(ctx, order, session));",
      "return joinSteps(stopped, back);",
    ],
    dies: "test/payments/told-operators.test.ts",
    by: "are called once to a payment of another amount than was asked for",
  },
  {
    name: "a payment of another amount stays",
    change: [
      "return joinSteps(stopped, back, callToMismatch",
      "return joinSteps(stopped, callToMismatch",
    ],
    dies: REFUNDS,
    by: MISMATCHED,
  },
  {
    name: "stock does not wait for a bank",
    change: ["const extended = waitMs === 0 ? [] :", "const extended = waitMs !== -1 ? [] :"],
    dies: WAYS,
    by: "holds the stock beyond the 15 minutes, and the hold says so",
  },
  {
    name: "stock waits for a bank for thirteen days",
    change: ["return days * DAY_MS;", "return (days - 1) * DAY_MS;"],
    dies: WAYS,
    by: "whose bank never answers holds the stock for 14 days and no longer",
  },
  {
    name: "tax in the prices is in no history",
    change: ["...(included > 0 ? { includedTax", "...(included < 0 ? { includedTax"],
    dies: TOTALS,
    by: "is in the prices where they are with it, and in the order's history",
  },
  {
    name: "an address that the page has collected is bounded by nothing",
    change: ["text.slice(0, MAX_COLLECTED_CHARS).toWellFormed()", "text"],
    dies: "test/checkout/addresses.test.ts",
    by: "that the payment page has collected",
  },
  {
    name: "the tax on the delivery is forgotten",
    change: ["shippingTax: tax === 0 ? 0 : shippingTax }", "shippingTax: 0 }"],
    dies: TOTALS,
    by: "on the delivery stays with it when all items are refunded",
  },
];
