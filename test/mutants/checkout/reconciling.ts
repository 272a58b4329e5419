import type { Mutant } from "../mutant.ts";

const RUNS = "test/payments/reconcile-runs.test.ts";
const ORDERS = "test/payments/reconcile-orders.test.ts";
const WHOLE = "test/payments/reconcile.test.ts";
const PROGRESS = "test/payments/reconcile-progress.test.ts";
const ANYTHING = "Runs of any length, at any distance, leave out nothing";
const MISSED = "are compared with the orders, and one that was missed is mended through the inbox";
const DAY =
  "every order is what Stripe says: paid, paid by a bank, refused by it, refunded, disputed, expired";

/** How far a run of the reconciliation gets. */
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
    by: "A page that was answered by a clock of long ago takes nothing back that has been read",
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
    change: ["if (page.next === null && window.to >= now - lag) return done();", ""],
    dies: PROGRESS,
    by: "A clock that is a day ahead costs a run one call, not all that it may make",
  },
  {
    name: "the cursor moves before what was read is on disk",
    change: [
      "    await handle(page.items);\n    await reportUnreadable",
      "    await reportUnreadable",
    ],
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
];
