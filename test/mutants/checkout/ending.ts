import type { Mutant } from "../mutant.ts";

const CANCEL = "test/checkout/cancel.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const RELEASE = "test/checkout/release.test.ts";
const EXPIRE = "test/checkout/expire.test.ts";
const UNKNOWN = "test/checkout/expire-unknown.test.ts";
const TOLD = "test/payments/told-of-banks.test.ts";
const TOO_LITTLE = "test/discounts/too-little.test.ts";

/** How an order ends before it is sent. */
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
    by: "may end by Stripe's word that its page is closed, before we write down that it is canceled",
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
    dies: CANCEL,
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
      "    statements: [...statements, sending.statement],\n    after,",
      "    statements: [...statements],\n    after,",
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
    change: ["const line = restock && off > 0 ?", "const line = off > 0 ?"],
    dies: CANCEL_PAID,
    by: "keeps its goods off the shelf where they say so",
  },
  {
    name: "goods come back that are back",
    change: ["const off = Math.min(left, bought - restocked);", "const off = left;"],
    dies: CANCEL_PAID,
    by: "does not take goods back twice when a refund that brought them has failed",
  },
  {
    name: "goods come back that were refunded",
    change: ["const left = bought - refunded;\n  const off", "const left = bought;\n  const off"],
    dies: CANCEL_PAID,
    by: "gives back what is left after refunds before, in money and in goods",
  },
  {
    name: "a mark stays on an order that is canceled whole",
    change: ["      attention: attentionAfterRefund(order, 0),\n", ""],
    dies: CANCEL_PAID,
    by: "does not take goods back twice when a refund that brought them has failed",
  },
  {
    name: "stock is free while its page is open",
    change: ["throw notClosed(cause);", "return null;"],
    dies: CANCEL,
    by: "stays as it is while Stripe cannot be asked",
  },
  {
    name: "a payment that came while an order was stopped is not booked",
    change: [
      "  await applySession(ctx, order, session);\n  return undefined;",
      "  return undefined;",
    ],
    dies: RELEASE,
    by: "is refused once it is paid, even before the webhook is in",
  },
  {
    name: "a bank that has said no is not heard at the end",
    change: [
      'if (session.state === "failed") return failUnpaid(ctx, order, session.email);',
      'if (session.state === "failed") return cancelUnpaid(ctx, order, how.reason);',
    ],
    dies: RELEASE,
    by: "succeeds when the bank has said no and the webhook is still on its way",
  },
  {
    name: "a bank that nobody knew of is given up",
    change: [
      'session.state === "processing" && order.paymentStatus === "processing"',
      'session.state === "processing"',
    ],
    dies: CANCEL,
    by: "(not heard of yet) is canceled, and money that still comes goes back by itself",
  },
  {
    name: "a page that nobody has heard of stays open",
    change: [
      "order.payments[0]?.sessionId ?? (await findSession(ctx, order))",
      "order.payments[0]?.sessionId ?? null",
    ],
    dies: RELEASE,
    by: "finds the page of a checkout whose answer was lost",
  },
  {
    name: "a page that is over is asked for again",
    change: ["ctx.payments.isSessionOver(request, ctx.now())\n", "false\n"],
    dies: UNKNOWN,
    by: "ends behind more pages than one look reaches, once its own would be over",
  },
  {
    name: "a page that nobody has heard of is looked for among the completed ones alone",
    change: ["ctx.payments.isSessionOver(request, ctx.now())\n", "true\n"],
    dies: RELEASE,
    by: "finds the page of a checkout whose answer was lost",
  },
  {
    name: "a page that Stripe opens no more keeps its stock",
    change: ["if (error instanceof PaymentRefused) return null;\n    throw error;", "throw error;"],
    in: "ending/",
    dies: UNKNOWN,
    by: "can be given back when Stripe has been away until it opens none so late",
  },
  {
    name: "a page is not there because Stripe is away",
    change: ["if (error instanceof PaymentRefused) return null;\n    throw error;", "return null;"],
    in: "ending/",
    dies: UNKNOWN,
    by: "ends when Stripe has kept an error under each of its keys",
  },
  {
    name: "the sweep begins each run at the same place",
    change: [
      "const start = (Math.floor(now / MINUTE_MS) * STRIDE) % Math.max(ids.length, 1);",
      "const start = 0;",
    ],
    dies: UNKNOWN,
    by: "each have their turn, though the ones before them fail again and again",
  },
  {
    name: "pages that nobody has heard of have all the time of a sweep",
    change: ["const UNKNOWN_MS = 15 * SECOND_MS;", "const UNKNOWN_MS = 1000 * SECOND_MS;"],
    dies: UNKNOWN,
    by: "do not keep those behind them from their turn, however long Stripe takes for each",
  },
  {
    name: "pages that nobody has heard of come first",
    change: [
      '  dueCheckouts(now, "known", MAX_PER_RUN),\n    dueCheckouts(now, "unknown", MAX_PER_RUN),',
      '  dueCheckouts(now, "unknown", MAX_PER_RUN),\n    dueCheckouts(now, "known", MAX_PER_RUN),',
    ],
    dies: UNKNOWN,
    by: "do not keep those behind them from their turn, however long Stripe takes for each",
  },
  {
    name: "a sweep has no end",
    change: ["if (ctx.now() - started > limit) return ended;", ""],
    dies: UNKNOWN,
    by: "do not keep those behind them from their turn, however long Stripe takes for each",
  },
  {
    name: "a checkout that cannot be ended stops the sweep",
    change: [
      'ctx.log.note("warn", "checkout_not_ended", error);\n    return false;',
      "throw error;",
    ],
    dies: EXPIRE,
    by: "has its turn behind many that fail",
  },
  {
    name: "a checkout ends before its time",
    change: [
      "r.expires_at <= ${now} AND r.order_id IS NOT NULL",
      "r.expires_at <= ${now + 60_000} AND r.order_id IS NOT NULL",
    ],
    dies: EXPIRE,
    by: "ends after 15 minutes: first the page is closed at Stripe, then the stock is free",
  },
  {
    name: "a checkout ends a millisecond late",
    change: [
      "r.expires_at <= ${now} AND r.order_id IS NOT NULL",
      "r.expires_at < ${now} AND r.order_id IS NOT NULL",
    ],
    dies: EXPIRE,
    by: "ends after 15 minutes: first the page is closed at Stripe, then the stock is free",
  },
  {
    name: "what is sold out stays so after a hold is given back",
    change: [
      'if (row === undefined) throw notFound("reservation");\n  ctx.soldOut.clear();',
      'if (row === undefined) throw notFound("reservation");',
    ],
    dies: RELEASE,
    by: "leaves its goods to the next buyer at once, where they were sold out",
  },
  {
    name: "a hold that is given back twice is an error",
    change: [
      'if (released.length > 0 || row.status === "released") return;',
      "if (released.length > 0) return;",
    ],
    dies: RELEASE,
    by: "closes its payment page first, cancels the order and frees the stock",
  },
  {
    name: "a hold that is over is given back",
    change: [
      'if (row.status === "expired") throw expired();',
      'if (row.status === "expired") return;',
    ],
    dies: "test/inventory/expiry.test.ts",
    by: "(an expired hold revived by cart activity) stays over, whatever happens to it or its SKU",
  },
  {
    name: "a hold that was bought is given back",
    change: [
      'if (row.status === "committed" || row.orderId === null) throw bought();',
      'if (row.status === "committed") return;',
    ],
    dies: RELEASE,
    by: "is refused once it is paid, even before the webhook is in",
  },
  {
    name: "a hold that a refused code has left stays held",
    change: [
      "return order.reservationId === id ? undefined : releaseReservation(ctx, { id });",
      "return;",
    ],
    dies: TOO_LITTLE,
    by: "is released all the same, when the refusal comes first",
  },
  {
    name: "an order that was paid meanwhile is given back",
    change: [
      '  if (order.status === "paid") throw bought();\n',
      '  if (order.status === "paid") return;\n',
    ],
    dies: RELEASE,
    by: "and paying for it at the same moment end as one of the two, never as both",
  },
  {
    name: "giving back a hold ends what a bank works on",
    change: [
      '{ reason: "released", evenAtBank: false }',
      '{ reason: "released", evenAtBank: true }',
    ],
    dies: RELEASE,
    by: "is refused while a bank works on it that the shop has heard of",
  },
  {
    name: "a hold that was paid meanwhile is said to be free",
    change: ["if (ending === undefined) throw bought();", "if (ending === undefined) return;"],
    dies: RELEASE,
    by: "is refused once it is paid, even before the webhook is in",
  },
  {
    name: "giving back a hold says nothing of a bank that has said no",
    change: [
      'const told = failed ? tellPaymentFailed(ctx, after, "over") : NOTHING;',
      "const told = NOTHING;",
    ],
    dies: TOLD,
    by: "is told by one mail when giving back the hold finds that out",
  },
  {
    name: "nobody closes a page that can still be paid",
    change: [
      'if (session.state === "open") throw error;\n        return session;',
      "return session;",
    ],
    dies: RELEASE,
    by: "is not said to be paid for while Stripe cannot close its page, and says that it is open",
  },
  {
    name: "a page that was paid cannot be closed, and nobody asks why",
    change: [
      'const session = await retrieve(sessionId);\n        if (session.state === "open") throw error;\n        return session;',
      "throw error;",
    ],
    dies: EXPIRE,
    by: "is a sale when it was paid in the last second and the webhook is not in yet",
  },
];
