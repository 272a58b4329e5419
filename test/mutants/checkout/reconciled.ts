import type { Mutant } from "../mutant.ts";

const RUNS = "test/payments/reconcile-runs.test.ts";
const ORDERS = "test/payments/reconcile-orders.test.ts";
const WHOLE = "test/payments/reconcile.test.ts";
const MISSED = "are compared with the orders, and one that was missed is mended through the inbox";

/** What a run of the reconciliation finds. */
export const RECONCILED: readonly Mutant[] = [
  {
    name: "webhooks that are on their way are missing",
    change: ["const WEBHOOK_MS = MINUTE_MS;", "const WEBHOOK_MS = 0;"],
    dies: RUNS,
    by: "leaves webhooks that are a few seconds old the time to arrive",
  },
  {
    name: "what is listed a minute late is left out",
    change: ["const OVERLAP_MS = 10 * MINUTE_MS;", "const OVERLAP_MS = 0;"],
    dies: RUNS,
    by: "reads what Stripe has listed late, also when the window took it two runs",
  },
  {
    name: "what was missed is stored newest first",
    change: ["storeEvents(ctx, missing.reverse())", "storeEvents(ctx, missing)"],
    dies: WHOLE,
    by: "what was missed is in the inbox in the order in which it happened",
  },
  {
    name: "what Stripe has forgotten is nobody's matter",
    change: ['ctx.log.note("error", "events_forgotten_by_stripe", {', "void ({"],
    dies: WHOLE,
    by: "a month long, what Stripe has forgotten is an error in the log, and the rest is found",
  },
  {
    name: "payment pages are compared while they can be paid",
    change: ["const LAG_MS = SESSION_LIFE_MS + 15 * MINUTE_MS;", "const LAG_MS = MINUTE_MS;"],
    dies: ORDERS,
    by: MISSED,
  },
  {
    name: "pages of another integration are money for nothing",
    change: ["if (!isOurs(mark, known, session.sessionId)) continue;", ""],
    dies: ORDERS,
    by: "without an order are an error that names them: money for nothing",
  },
  {
    name: "money for nothing is nobody's matter",
    change: ["else if (isPaying(session)) orphans.push(session.sessionId);", ""],
    dies: ORDERS,
    by: "without an order are an error that names them: money for nothing",
  },
  {
    name: "every order is mended each time",
    change: [
      '({ order, session }) => decidePayment(order, session, ctx.now()) !== "nothing",',
      "() => true,",
    ],
    dies: ORDERS,
    by: "without an order are an error that names them: money for nothing",
  },
  {
    name: "banks are asked every run",
    change: ["if (run.startedAt < nextAt) return;", ""],
    dies: ORDERS,
    by: "are read once in six hours, so many a run, and one that cannot be read keeps none from it",
  },
  {
    name: "banks are asked from the first each run",
    change: [
      'awaitingBank(after ?? [run.startedAt - OLDEST_MS, ""], limit)',
      'awaitingBank([run.startedAt - OLDEST_MS, ""], limit)',
    ],
    dies: ORDERS,
    by: "are read once in six hours, so many a run, and one that cannot be read keeps none from it",
  },
  {
    name: "banks are asked for fourteen days",
    change: ["const OLDEST_MS = 30 * 24 * HOUR_MS;", "const OLDEST_MS = 14 * 24 * HOUR_MS;"],
    dies: ORDERS,
    by: "are read for 30 days, though the shop has given them up after 14",
  },
  {
    name: "a page that cannot be read keeps the others from it",
    change: ["unread.push({ orderId: order.id, reason });\n        return [];", "throw reason;"],
    dies: ORDERS,
    by: "are read once in six hours, so many a run, and one that cannot be read keeps none from it",
  },
  {
    name: "a round goes on without those that Stripe could not be asked of",
    change: [
      "if (!late && first !== undefined && away.length === orders.length) throw first.reason;",
      "",
    ],
    dies: ORDERS,
    by: "are tried again by the next run while Stripe cannot be asked",
  },
  {
    name: "one that can never be read keeps the others waiting for ever",
    change: ["if (!late && first !== undefined && away", "if (first !== undefined && away"],
    dies: ORDERS,
    by: "do not keep the others waiting for more than a round when one can never be read",
  },
  {
    name: "one that Stripe refuses keeps the others waiting",
    change: ["unread.filter(({ reason }) => reason instanceof PaymentUnavailable)", "unread"],
    dies: ORDERS,
    by: "do not keep the others waiting when Stripe refuses the only one of a run",
  },
  {
    name: "orders that no bank works on are asked for",
    change: ['        eq(orders.paymentStatus, "processing"),\n', ""],
    dies: ORDERS,
    by: "are read once in six hours, so many a run, and one that cannot be read keeps none from it",
  },
];
