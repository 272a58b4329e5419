import type { Mutant } from "../mutant.ts";

const RUNS = "test/payments/reconcile-runs.test.ts";
const ORDERS = "test/payments/reconcile-orders.test.ts";
const WHOLE = "test/payments/reconcile.test.ts";
const PROGRESS = "test/payments/reconcile-progress.test.ts";
const ANYTHING = "Runs of any length, at any distance, leave out nothing";
const MISSED = "are compared with the orders, and one that was missed is mended through the inbox";
const DAY =
  "every order is what Stripe says: paid, paid by a bank, refused by it, refunded, disputed, expired";

/** What webhooks did not bring. */
export const RECONCILING: readonly Mutant[] = [
  {
    name: "nobody reads what the webhooks did not bring",
    change: [
      "[reconcileEvents, reconcileSessions, reconcileBanks]",
      "[reconcileSessions, reconcileBanks]",
    ],
    dies: WHOLE,
    by: DAY,
  },
  {
    name: "nobody compares payment pages with their orders",
    change: [
      "[reconcileEvents, reconcileSessions, reconcileBanks]",
      "[reconcileEvents, reconcileBanks]",
    ],
    dies: ORDERS,
    by: MISSED,
  },
  {
    name: "nobody asks what became of banks",
    change: [
      "[reconcileEvents, reconcileSessions, reconcileBanks]",
      "[reconcileEvents, reconcileSessions]",
    ],
    dies: ORDERS,
    by: "are read at Stripe four times a day: succeeded",
  },
  {
    name: "a list that is down keeps the others from being read",
    change: [
      'counts.failed += 1;\n      ctx.log.note("warn", "stripe_not_read", error);',
      "throw error;",
    ],
    dies: RUNS,
    by: "because one list is down still reads the other",
  },
  {
    name: "a fault of ours is one of Stripe's",
    change: ["} else throw error;\n", "}\n"],
    in: "reconcile-stripe",
    dies: RUNS,
    by: '(before `update "reconciliations"`) skips nothing',
  },
  {
    name: "a run that was overtaken moves the cursor",
    change: [
      'if (row === undefined) throw new Overtaken("Another run has got further.");',
      "if (row === undefined) return { ...progress, version };",
    ],
    dies: RUNS,
    by: "because another one overlaps with it leaves the cursor to the other",
  },
  {
    name: "the first run looks an hour back",
    change: ["const FIRST_LOOK_MS = 24 * HOUR_MS;", "const FIRST_LOOK_MS = HOUR_MS;"],
    dies: WHOLE,
    by: "the first run of all looks a day back",
  },
  {
    name: "a window that was begun is begun anew each time",
    change: ["if (window !== null) return window;\n", ""],
    dies: RUNS,
    by: "is bounded: the next ones go on where it stopped, and nothing is left out",
  },
  {
    name: "a window reaches into what is yet to come",
    change: [
      "const to = Math.min(readUntil + WINDOW_MS, end);",
      "const to = readUntil + WINDOW_MS;",
    ],
    dies: PROGRESS,
    by: ANYTHING,
  },
  {
    name: "what is listed late is left out",
    change: ["settled: Math.min(window.settled, settled) };", "settled: window.settled };"],
    dies: PROGRESS,
    by: ANYTHING,
  },
  {
    name: "the last page of a window decides what is settled",
    change: ["settled: Math.min(window.settled, settled) };", "settled };"],
    dies: PROGRESS,
    by: ANYTHING,
  },
  {
    name: "a cursor goes back",
    change: ["readUntil: Math.max(read.from, read.settled)", "readUntil: read.settled"],
    dies: PROGRESS,
    by: ANYTHING,
  },
  {
    name: "our clock is believed before Stripe's",
    change: [
      "const now = Math.min(run.startedAt, page.answeredAt ?? run.startedAt);",
      "const now = run.startedAt;",
    ],
    dies: RUNS,
    by: "leaves out nothing that happens while our clock is ahead of Stripe's",
  },
  {
    name: "a clock that is ahead costs all that a run may ask",
    change: ["if (page.next === null && window.to >= now - lag) return;", ""],
    dies: PROGRESS,
    by: "A clock that is a day ahead costs a run one call, not all that it may make",
  },
  {
    name: "the cursor moves before what was read is on disk",
    change: ["    await handle(page.items);\n    const now", "    const now"],
    after: "const page = await readAgain(window, read);\n",
    dies: WHOLE,
    by: DAY,
  },
  {
    name: "a run has no bound of pages",
    change: ["pages < run.bounds.pages && !isSpent", "pages < 1000 && !isSpent"],
    dies: RUNS,
    by: "is bounded: the next ones go on where it stopped, and nothing is left out",
  },
  {
    name: "a run finds without a bound",
    change: ["return found >= bounds.found ||", "return false ||"],
    dies: RUNS,
    by: "stops when it has found many, in the middle of a window",
  },
  {
    name: "a run has no end",
    change: ["|| ctx.now() - startedAt > bounds.time;", ";"],
    dies: RUNS,
    by: "stops when its minute is over, and the next one goes on",
  },
  {
    name: "what Stripe has forgotten stops the reconciliation for ever",
    change: ["if (error instanceof PaymentRefused) return read({ ...window, after: null });\n", ""],
    dies: RUNS,
    by: "begins its window again when Stripe has forgotten where it stopped",
  },
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
    change: ['orderId !== null && isId("ord", orderId) ?', "orderId !== null ?"],
    dies: ORDERS,
    by: "without an order are an error that names them: money for nothing",
  },
  {
    name: "money for nothing is nobody's matter",
    change: [
      "if (order === undefined) orphans.push(session.sessionId);\n    else",
      "if (order !== undefined)",
    ],
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
    by: MISSED,
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
