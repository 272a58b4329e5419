import type { Mutant } from "../mutant.ts";

const AUDIT_WAITING = "test/audit/waiting.test.ts";

/** What waits for a person, and an audit that fails or never ends. */
export const WAITING: readonly Mutant[] = [
  {
    name: "nobody is told of dead events",
    change: ['  await call(ctx, "dead_events", events);\n', ""],
    dies: AUDIT_WAITING,
    by: "a dead event: once a day, and at once when another one dies",
  },
  {
    name: "a dead event is told of every hour",
    change: [
      "dedupeKey: onceADay(cause, ctx.now(), newest.id),",
      "dedupeKey: `dead_events:${newest.id}:${ctx.now()}`,",
    ],
    dies: AUDIT_WAITING,
    by: "a dead event: once a day, and at once when another one dies",
  },
  {
    name: "another dead event waits for the next day",
    change: [
      "dedupeKey: onceADay(cause, ctx.now(), newest.id),",
      "dedupeKey: onceADay(cause, ctx.now(), newest.id.slice(0, 0)),",
    ],
    dies: AUDIT_WAITING,
    by: "a dead event: once a day, and at once when another one dies",
  },
  {
    name: "a dead event is told of for ever",
    change: ["deadEvents(now - REMINDED_MS)", "deadEvents(now - 9 * REMINDED_MS)"],
    dies: AUDIT_WAITING,
    by: "a dead event: once a day, and at once when another one dies",
  },
  {
    name: "nobody is told of refunds that banks keep",
    change: ['  await call(ctx, "slow_refunds", refunds);\n', ""],
    dies: AUDIT_WAITING,
    by: "a refund that a bank has had for more than a day",
  },
  {
    name: "a refund is slow at once",
    change: ["slowRefunds(now - DAY_MS)", "slowRefunds(now)"],
    dies: AUDIT_WAITING,
    by: "a refund that a bank has had for more than a day",
  },
  {
    name: "a refund that has arrived is slow",
    change: ["WHERE r.status = 'pending' AND r.created_at <", "WHERE r.created_at <"],
    dies: AUDIT_WAITING,
    by: "a refund that a bank has had for more than a day",
  },
  {
    name: "an audit that fails is nobody's matter",
    change: [
      '    await callOperators(ctx, {\n      subject: "The hourly check of the shop\'s books has failed"',
      '    void callOperators; void ({\n      subject: "The hourly check of the shop\'s books has failed"',
    ],
    dies: AUDIT_WAITING,
    by: "an audit that failed, in the same hour",
  },
  {
    name: "an audit that died is nobody's matter",
    change: [
      `if (begunAt === null || now - begunAt <= LONGEST_RUN_MS) return state;`,
      `if (begunAt === null || now >= begunAt) return state;`,
    ],
    dies: AUDIT_WAITING,
    by: "an audit that died at work, an hour later",
  },
  {
    name: "an audit never says that it has ended",
    change: ["    await ctx.db.run(saveProgress(PROGRESS, ended, ctx.now()));\n", ""],
    dies: AUDIT_WAITING,
    by: "a refund that a bank has had for more than a day",
  },
];
