import type { Mutant } from "../mutant.ts";

const START = "test/checkout/start.test.ts";
const DATABASE = "test/checkout/crash-at-database.test.ts";
const STRIPE = "test/checkout/crash-at-stripe.test.ts";
const KEYS = "test/checkout/idempotency.test.ts";
const ENDS = "is told so, and leaves no page that can be paid";
const NEEDS = "needs a hold that exists, is alive and has no order yet";

/** From a hold to an order with its page. */
export const OPENING: readonly Mutant[] = [
  {
    name: "two lines of one SKU are checked out one by one",
    change: ["holdStock(ctx, sumLines(input.items))", "holdStock(ctx, input.items)"],
    dies: START,
    by: "sums two lines of one SKU, which one by one would have passed",
  },
  {
    name: "a checkout has no key while it is at Stripe",
    change: [
      "insertKey(use, now, { subject: orderId, lockedUntil: now + TRY_MS })",
      "insertKey(use, now, { subject: orderId, lockedUntil: now })",
    ],
    dies: DATABASE,
    by: "the key's lock ends by itself",
  },
  {
    name: "a key is locked for an hour",
    change: ["export const TRY_MS = 30 * SECOND_MS;", "export const TRY_MS = 3600 * SECOND_MS;"],
    dies: DATABASE,
    by: "the key's lock ends by itself",
  },
  {
    name: "a checkout forgets which order its key stands for",
    change: [
      "insertKey(use, now, { subject: orderId, lockedUntil: now + TRY_MS })",
      "insertKey(use, now, { lockedUntil: now + TRY_MS })",
    ],
    dies: DATABASE,
    by: "(a crash between the order and its key) the retry goes on",
  },
  {
    name: "an order of whoever is signed in is a guest's",
    change: [
      "...{ id: orderId, accountId, email, reservationId: hold.id },",
      "...{ id: orderId, accountId: null, email, reservationId: hold.id },",
    ],
    dies: "test/identity/accounts.test.ts",
  },
  {
    name: "a code that was typed is not used",
    change: ["code === undefined ? [] : useDiscount(", "code !== undefined ? [] : useDiscount("],
    dies: "test/discounts/checkout.test.ts",
    by: "charges less, at the order, on the payment page and on the card",
  },
  {
    name: "a checkout of a hold that there is not is an error of ours",
    change: [
      'if (refusedBy(error, "reservation_not_found")) return notFound("reservation");\n',
      "",
    ],
    dies: START,
    by: NEEDS,
  },
  {
    name: "a checkout of a hold that is over is an error of ours",
    change: [
      'refusedBy(error, "reservation_expired") || refusedBy(error, "reservation_ended")',
      'refusedBy(error, "reservation_ended")',
    ],
    dies: START,
    by: NEEDS,
  },
  {
    name: "a checkout of a hold that was given back is an error of ours",
    change: [
      'refusedBy(error, "reservation_expired") || refusedBy(error, "reservation_ended")',
      'refusedBy(error, "reservation_expired")',
    ],
    dies: START,
    by: NEEDS,
  },
  {
    name: "a second order of a hold is an error of ours",
    change: ['if (refusedBy(error, "reservation_claimed")) {', "if (false) {"],
    dies: START,
    by: NEEDS,
  },
  {
    name: "goods of two currencies are an error of ours",
    change: ['if (refusedBy(error, "orders_one_currency")) {', "if (false) {"],
    dies: START,
    by: "(a rollback that itself fails) refuses items of two currencies",
  },
  {
    name: "an order of more than a number holds is an error of ours",
    change: ["if (refusedBy(error, ORDER_TOO_LARGE)) {", "if (false) {"],
    dies: "test/checkout/currencies.test.ts",
    by: "makes no order whose sum has more digits than a number",
  },
  {
    name: "a retry makes a second order",
    change: ["if (known) return resumeCheckout(ctx, use);", ""],
    dies: KEYS,
    by: "replays the first answer byte for byte, even when the shop has moved on",
  },
  {
    name: "a refused checkout is no answer of its key",
    change: [
      "return refuse(ctx, use, { refusal, statements: [] });\n    await letNextTryIn",
      "throw refusal;\n    await letNextTryIn",
    ],
    dies: "test/discounts/checkout.test.ts",
    by: "answers the same refusal to the same key",
  },
  {
    name: "a checkout that another request sent goes on with this one",
    change: [
      "  assertSameRequest(use, row);\n  if (row.status !== null",
      "  if (row.status !== null",
    ],
    in: "resume-checkout",
    dies: KEYS,
    by: "refuses another request of somebody signed in also while the first has no answer",
  },
  {
    name: "two tries of a checkout are at Stripe at once",
    change: ["if (taken === undefined) throw inUse();", ""],
    in: "resume-checkout",
    dies: DATABASE,
    by: "the key's lock ends by itself",
  },
  {
    name: "a retry waits for a try that is dead",
    change: [
      "    if (error instanceof PaymentRefused) return error;\n    await letNextTryIn(ctx, attempt.use);\n",
      "    if (error instanceof PaymentRefused) return error;\n",
    ],
    dies: STRIPE,
    by: "(a retried checkout that makes a second order or a second session)",
  },
  {
    name: "a retry waits for a database that failed",
    change: ["if (!(error instanceof AppError)) await letNextTryIn(ctx, use);", ""],
    dies: DATABASE,
    by: "(a crash between the order and its key) the retry goes on",
  },
  {
    name: "a page is opened for a hold that is over",
    change: [
      'order.status !== "pending_payment" || order.holdEndsAt <= ctx.now()',
      'order.status !== "pending_payment"',
    ],
    dies: STRIPE,
    by: "and the retry comes too late, it is told so and leaves no page that can be paid",
  },
  {
    name: "where an order is paid is not written down",
    change: ["    setPaymentSession(payment.id, session, ctx.now()),\n", "    findKey(use),\n"],
    dies: "test/orders/writes.test.ts",
    by: "stays the first one",
  },
  {
    name: "an order that ended meanwhile is shown where to be paid",
    change: [
      "    answering(p, condition(p.subject)),",
      "    answering(p, condition === undefined ? condition : undefined),",
    ],
    dies: DATABASE,
    by: ENDS,
  },
  {
    name: "an order that has expired is alive",
    change: [
      "status IN ('pending_payment', 'paid'))`",
      "status IN ('pending_payment', 'paid', 'expired'))`",
    ],
    dies: DATABASE,
    by: "(expired) is told so, and leaves no page that can be paid",
  },
  {
    name: "an order that was canceled is alive",
    change: [
      "status IN ('pending_payment', 'paid'))`",
      "status IN ('pending_payment', 'paid', 'canceled'))`",
    ],
    dies: DATABASE,
    by: "(given back) is told so, and leaves no page that can be paid",
  },
  {
    name: "an order that was paid meanwhile is dead",
    change: ["status IN ('pending_payment', 'paid'))`", "status IN ('pending_payment'))`"],
    dies: DATABASE,
    by: "that is paid before its answer is written is told where",
  },
  {
    name: "each try answers for itself",
    change: [
      "return replay<Checkout>(use, row);\n}\n\nasync function askForSession",
      "return body;\n}\n\nasync function askForSession",
    ],
    dies: DATABASE,
    by: "that another try was told has ended is told so",
  },
  {
    name: "a guest gets no token to their order",
    change: [
      "...(order.accountId === null ? { orderToken",
      "...(order.accountId !== null ? { orderToken",
    ],
    dies: START,
    by: "turns a hold into an order with a payment page",
  },
];
