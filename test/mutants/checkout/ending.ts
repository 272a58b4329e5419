import type { Mutant } from "../mutant.ts";

const CANCEL = "test/checkout/cancel.test.ts";
const CANCEL_BANK = "test/checkout/cancel-bank.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const EXPIRE = "test/checkout/expire.test.ts";
const TOLD = "test/payments/told-of-banks.test.ts";

/** How an order is canceled before it is sent. */
export const ENDING: readonly Mutant[] = [
  {
    name: "an order that is canceled keeps its stock",
    change: [
      "  return { ...ended, statements: [...ended.statements, freed] };",
      "  return { ...ended, statements: [...ended.statements] };",
    ],
    dies: CANCEL,
    by: "is canceled by the guest who has its token",
  },
  {
    name: "an order that expires keeps its stock",
    change: ['    endReservation(order.reservationId, "expired", ctx.now()),\n', ""],
    dies: EXPIRE,
    by: "ends after 15 minutes: first the page is closed at Stripe, then the stock is free",
  },
  {
    name: "whoever reads an order cancels it",
    change: ['orderGate(ctx, { ...input, scope: "orders:write" })', "orderGate(ctx, { ...input })"],
    dies: CANCEL,
    by: "is canceled by a key that may write orders, not by one that may only read them",
  },
  {
    name: "a buyer gets a paid order back",
    change: ["if (!staff) throw onlyTheShop();", ""],
    dies: CANCEL,
    by: "is not canceled by its buyer when it was paid meanwhile",
  },
  {
    name: "an order that ended by Stripe's word is too late to cancel",
    change: ['order.status === "expired" && stopped', 'order.status === "expired" && false'],
    dies: CANCEL,
    by: "is answered as it ended where a sweep that read it before was faster",
  },
  {
    name: "an order that has expired is canceled",
    change: ['order.status === "expired" && stopped', 'order.status === "expired"'],
    dies: CANCEL_PAID,
    by: "once it has expired",
  },
  {
    name: "an order that is over is closed at Stripe again",
    change: ['if (order.status !== "pending_payment") throw over(order);', ""],
    dies: CANCEL_PAID,
    by: "twice",
  },
  {
    name: "nobody gives up what a bank works on",
    change: ["{ reason, evenAtBank: true }", "{ reason, evenAtBank: false }"],
    dies: CANCEL_BANK,
    by: "(heard of) is canceled, and money that still comes goes back by itself",
  },
  {
    name: "what is sold out stays so after a cancellation",
    change: [
      "      ctx.soldOut.clear();\n      wakePromises(ctx, wake);",
      "      wakePromises(ctx, wake);",
    ],
    dies: CANCEL,
    by: "leaves its goods to the next buyer at once, where they were sold out",
  },
  {
    name: "staff cancel and nobody knows who",
    change: [
      "  if (order.email === null) return { statements: [line], promised: [] };",
      "  if (order.email === null) return NOTHING;",
    ],
    dies: CANCEL,
    by: "is written down when staff cancel it, also where there is nobody to tell",
  },
  {
    name: "a buyer is told that they canceled",
    change: ['if (!isStaff(ctx.actor, "orders:write"))\n', "if (false)\n"],
    dies: CANCEL,
    by: "is canceled by the guest who has its token",
  },
  {
    name: "a buyer is not told that the bank had said no",
    change: [
      'order.paymentStatus === "failed" ? tellPaymentFailed(ctx, order, "over") : NOTHING;\n  const line',
      "NOTHING;\n  const line",
    ],
    dies: TOLD,
    by: "is told by one mail when their own cancellation finds that out",
  },
  {
    name: "a customer is told of a cancellation and of its refund",
    change: [
      "refundId === undefined ? `order_canceled:${order.id}` : refundMailKey(refundId)",
      "`order_canceled:${order.id}`",
    ],
    dies: CANCEL_PAID,
    by: "gives all of its money back and all of its goods to the shelf, and its buyer is told once",
  },
  {
    name: "what was sent is canceled",
    change: ["if (order.fulfillments.length > 0)\n", "if (false)\n"],
    dies: CANCEL_PAID,
    by: "once something of it was sent",
  },
  {
    name: "what a bank asks for back is canceled",
    change: ["  assertUndisputed(order);\n  const refundable", "  const refundable"],
    dies: CANCEL_PAID,
    by: "while its payment is disputed",
  },
  {
    name: "an order whose money is back already cannot be canceled",
    change: [
      "refundable === undefined || refundable.left.amount === 0",
      "refundable === undefined",
    ],
    dies: CANCEL_PAID,
    by: "gives back its goods also when all of its money went back before",
  },
  {
    name: "the money of a canceled order stays",
    change: [
      "const sent = promisedStep(sending);",
      "const sent = promisedStep(undefined && sending);",
    ],
    dies: CANCEL_PAID,
    by: "gives all of its money back and all of its goods to the shelf, and its buyer is told once",
  },
  {
    name: "goods whose money went back before stay off the shelf",
    change: [
      "restocked.length === 0 ? [] : [returnToShelf",
      "restocked.length !== 0 ? [] : [returnToShelf",
    ],
    dies: CANCEL_PAID,
    by: "gives back its goods also when all of its money went back before",
  },
  {
    name: "goods come back that nobody has",
    change: ["restock && off > 0", "off > 0"],
    dies: CANCEL_PAID,
    by: "keeps its goods off the shelf where they say so",
  },
  {
    name: "goods come back that are back",
    change: ["const off = Math.min(left, owed);", "const off = left;"],
    dies: CANCEL_PAID,
    by: "does not take goods back twice when a refund that brought them has failed",
  },
  {
    name: "goods come back that were refunded",
    change: ["const left = bought - refunded;\n  const off", "const left = bought;\n  const off"],
    dies: CANCEL_PAID,
    by: "gives back the money of what is left, and leaves it off the shelf with what was refunded before",
  },
  {
    name: "a mark stays on an order that is canceled whole",
    change: ["      attention: attentionAfterRefund(order, 0),\n", ""],
    dies: CANCEL_PAID,
    by: "does not take goods back twice when a refund that brought them has failed",
  },
];
