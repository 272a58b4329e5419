import type { Mutant } from "../mutant.ts";

const CANCEL = "test/checkout/cancel.test.ts";
const CANCEL_BANK = "test/checkout/cancel-bank.test.ts";
const RELEASE = "test/checkout/release.test.ts";
const EXPIRE = "test/checkout/expire.test.ts";
const UNKNOWN = "test/checkout/expire-unknown.test.ts";

/** How a payment page is closed, and who sweeps those that are over. */
export const CLOSING: readonly Mutant[] = [
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
    dies: CANCEL_BANK,
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
      'const session = readSession(await retrieve(sessionId));\n        if (session.state === "open") throw error;\n        return session;',
      "throw error;",
    ],
    dies: EXPIRE,
    by: "is a sale when it was paid in the last second and the webhook is not in yet",
  },
];
