import type { Mutant } from "../mutant.ts";

const LATE = "test/payments/late-money.test.ts";
const WAYS = "test/payments/ways.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const TOTALS = "test/checkout/totals.test.ts";
const TOLD = "test/payments/told-of-banks.test.ts";
const MISMATCHED = "(less) buys nothing, calls a person and goes back whole";
const EFFECTS = "test/payments/event-effects.test.ts";
const EVENT_ORDER = "test/payments/event-order.test.ts";

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
    dies: "test/discounts/limits.test.ts",
    by: "goes back when somebody else has used the code up meanwhile, or the customer themselves",
  },
  {
    name: "late money of a code that its customer has used is never decided",
    change: ['  discount_used_by_customer: "code_used_up",\n', ""],
    dies: "test/discounts/limits.test.ts",
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
    change: ['      endReservation(order.reservationId, "committed", ctx.now()),\n', ""],
    dies: WAYS,
    by: "that is declined leaves everything as it was; the next card buys",
  },
  {
    name: "a paid order has no receipt",
    change: ['"committed", ctx.now()),\n      receipt.statement,', '"committed", ctx.now()),'],
    dies: "test/purchase.test.ts",
  },
  {
    name: "a late sale takes no stock",
    change: ["      sellWithoutHold(order.id, order.lines, origin),\n", ""],
    dies: LATE,
    by: "is a sale when the stock is still there",
  },
  {
    name: "a late sale has no receipt",
    change: ["order.lines, origin),\n      receipt.statement,", "order.lines, origin),"],
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
    change: ["back.sending.statement, told.statement],", "told.statement],"],
    dies: LATE,
    by: "goes back although the stock is there, and the order stays canceled",
  },
  {
    name: "money goes back and nobody is told",
    change: ["back.sending.statement, told.statement],", "back.sending.statement],"],
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
    change: ["      extendReservation(order.reservationId, ctx.now() + BANK_HOLD_MS),\n", ""],
    dies: WAYS,
    by: "holds the stock beyond the 15 minutes, and the hold says so",
  },
  {
    name: "stock waits for a bank for thirteen days",
    change: ["const BANK_HOLD_MS = 14 * 24 * HOUR_MS;", "const BANK_HOLD_MS = 13 * 24 * HOUR_MS;"],
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
    name: "the page's address replaces the order's",
    change: ["...(order.shippingAddress === null && address.success\n", "...(address.success\n"],
    dies: TOTALS,
    by: "goes to Stripe where the checkout brought one, which then asks for none",
  },
  {
    name: "an address that cannot be read stands in the way of the money",
    change: [
      "const address = addressSchema.safeParse(session.address);",
      "const address = { success: session.address !== null, data: session.address && addressSchema.parse(session.address) };",
    ],
    dies: TOTALS,
    by: "does not stand in the way of the money",
  },
  {
    name: "the tax on the delivery is forgotten",
    change: ["shippingTax: tax === 0 ? 0 : shippingTax }", "shippingTax: 0 }"],
    dies: TOTALS,
    by: "on the delivery stays with it when all items are refunded",
  },
  {
    name: "a customer whose bank says no is not told",
    change: [
      'return joinSteps({ statements, promised: [] }, tellPaymentFailed(ctx, after, "declined"));',
      "return { statements, promised: [] };",
    ],
    dies: TOLD,
    by: "is told once, however often and by whomever it is noticed",
  },
  {
    name: "a customer whose bank says no is told at the address that the order had",
    change: [
      'tellPaymentFailed(ctx, after, "declined")',
      'tellPaymentFailed(ctx, order, "declined")',
    ],
    dies: TOLD,
    by: "is told when that is the first word of it, at the address that the page has asked for",
  },
  {
    name: "a customer whose order is over is not told that the bank said no",
    change: ['        tellPaymentFailed(ctx, order, "over"),\n', ""],
    in: "settling/",
    dies: TOLD,
    by: "is told that nothing was charged when they had canceled while it was at work",
  },
  {
    name: "a customer whose bank is late is not told",
    change: [
      'order.paymentStatus === "processing" ? tellPaymentFailed(ctx, order, "late") : NOTHING',
      "NOTHING",
    ],
    dies: TOLD,
    by: "is told when the 14 days are over, and of nothing more when it says no after that",
  },
  {
    name: "a customer is told of a bank that has nothing to do with it",
    change: [
      'order.paymentStatus === "processing" ? tellPaymentFailed(ctx, order, "late") : NOTHING',
      'tellPaymentFailed(ctx, order, "late")',
    ],
    dies: TOLD,
    by: "is told nothing when a card is declined, and nothing when the hold ends",
  },
  {
    name: "an event is believed which order it is about",
    change: [
      "if (named !== undefined) return named;",
      "if (known?.payments[0] !== undefined) return { order: known, payment: known.payments[0] };",
    ],
    dies: EFFECTS,
    by: "decides, not the order that somebody wrote beside it",
  },
  {
    name: "news of money back that overtake the payment are for nobody",
    change: ["?? payFirst(ctx, providerPaymentId)", "?? null"],
    dies: EVENT_ORDER,
    by: "refund.created before the completed-event pays the order first",
  },
  {
    name: "news of money back do not book the payment first",
    change: ["  await applySession(ctx, order, origin.session);\n", ""],
    dies: EVENT_ORDER,
    by: "refund.created before the completed-event pays the order first",
  },
  {
    name: "money back of another integration's payment fails for ever",
    change: [
      'origin === null || orderId === null || !isId("ord", orderId)',
      "origin === null || orderId === null",
    ],
    dies: EVENT_ORDER,
    by: "is nothing that another integration's payment page can bring about with an order of its own",
  },
  {
    name: "money back of an order that is not here is ignored",
    change: [
      "throw new Error(`The order ${orderId} is not here, or not yet.`);\n  await applySession",
      "return null;\n  await applySession",
    ],
    dies: EVENT_ORDER,
    by: "charge.refunded of an order of ours that is not here is tried again",
  },
];
