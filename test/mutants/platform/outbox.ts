import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/platform/by-hand.test.ts";

const CONSUME = "test/jobs/consume.test.ts";

const RECEIPT = "test/notifications/receipt.test.ts";

const CRON = "test/jobs/cron.test.ts";

const PROMISES = "test/jobs/promises.test.ts";

/** Promises, and the messages that nothing can read. */
export const OUTBOX: readonly Mutant[] = [
  {
    name: "a promise that is kept meanwhile is woken again",
    change: ["and(lte(outbox.wakeAt, now), sql", "and(sql"],
    dies: "test/webhooks/settled.test.ts",
    by: "that is kept between the sweep's reading and its waking",
  },
  {
    name: "a promise in a state that there is not",
    change: [`CHECK("outbox"."status" IN ('pending', 'done', 'dead'))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of a promise in a state that there is not is refused",
  },
  {
    name: "a promise waits for nothing",
    change: [
      `CHECK(("outbox"."status" = 'pending') = ("outbox"."wake_at" IS NOT NULL))`,
      "CHECK(1)",
    ],
    dies: BY_HAND,
    by: "of a promise that waits for nothing is refused",
  },
  {
    name: "one promise is made twice",
    change: [
      "CREATE UNIQUE INDEX `outbox_dedupe_key_unique`",
      "CREATE INDEX `outbox_dedupe_key_unique`",
    ],
    dies: BY_HAND,
    by: "of a promise that was made before is refused",
  },
  {
    name: "what may have been promised before cannot be",
    change: ["WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = ${dedupeKey})", "WHERE 1"],
    dies: "test/audit/audit-invariants.test.ts",
    by: "says a breach in the log as an error, every hour, and to the operators by mail, once a day",
  },
  {
    name: "a message is written down twice",
    change: ["PRIMARY KEY NOT NULL,\n\t`queue` text", "NOT NULL,\n\t`queue` text"],
    dies: CONSUME,
    by: "records a poison message and acknowledges it; the rest of its batch is unaffected",
  },
  {
    name: "a message that is written down cannot come again",
    change: [
      "return query.insert(deadLetters).values(row).onConflictDoNothing();",
      "return query.insert(deadLetters).values(row);",
    ],
    dies: CONSUME,
    by: "records a poison message and acknowledges it; the rest of its batch is unaffected",
  },
  {
    name: "a promise that was kept is kept again",
    change: [
      `if (row === undefined || row.status !== "pending") return;`,
      "if (row === undefined) return;",
    ],
    dies: PROMISES,
    by: "that was kept is not kept again, however often its message comes",
  },
  {
    name: "a promise is never kept for good",
    change: ["    await ctx.db.run(markDone(row.id, ctx.now()));\n", ""],
    dies: RECEIPT,
    by: "is sent exactly once, however often anything is delivered again",
  },
  {
    name: "a promise that died while it was kept comes back to life",
    change: [
      `.set({ status: "done", doneAt: now, wakeAt: null, lastError: null })\n    .where(and(eq(outbox.id, id), eq(outbox.status, "pending")));`,
      `.set({ status: "done", doneAt: now, wakeAt: null, lastError: null })\n    .where(eq(outbox.id, id));`,
    ],
    dies: PROMISES,
    by: "that died while it was kept stays dead",
  },
  {
    name: "a promise that another try has kept is failed",
    change: [
      'lastError: error, wakeAt })\n    .where(and(eq(outbox.id, id), eq(outbox.status, "pending")));',
      "lastError: error, wakeAt })\n    .where(eq(outbox.id, id));",
    ],
    dies: PROMISES,
    by: "that another try has kept stays kept when this one fails",
  },
  {
    name: "a promise that was kept is buried",
    change: [
      'lastError: sql`coalesce(${outbox.lastError}, ${error})` })\n    .where(and(eq(outbox.id, id), eq(outbox.status, "pending")));',
      "lastError: sql`coalesce(${outbox.lastError}, ${error})` })\n    .where(eq(outbox.id, id));",
    ],
    dies: CONSUME,
    by: "ends a promise of the outbox, and leaves what is done alone",
  },
  {
    name: "a promise that fails is acknowledged",
    change: [
      "    await ctx.db.run(markFailed(row.id, reason, wakeAt));\n    throw error;\n",
      "    await ctx.db.run(markFailed(row.id, reason, wakeAt));\n",
    ],
    dies: PROMISES,
    by: "that fails is tried again, by the queue and by the sweep",
  },
  {
    name: "a promise that fails says nothing of it",
    change: ["    await ctx.db.run(markFailed(row.id, reason, wakeAt));\n", ""],
    dies: PROMISES,
    by: "that fails is tried again, by the queue and by the sweep",
  },
  {
    name: "a promise that nobody can keep is tried for hours",
    change: ["if (error instanceof Undeliverable) {", "if (error instanceof RangeError) {"],
    dies: PROMISES,
    by: "that nobody can keep is dead at once, and says why",
  },
  {
    name: "a promise that the sweep has woken is woken by the next one",
    change: [
      ".update(outbox)\n    .set({ wakeAt })",
      ".update(outbox)\n    .set({ attempts: outbox.attempts })",
    ],
    dies: PROMISES,
    by: "is woken by the sweep after its minute, and then left alone for a while",
  },
  {
    name: "nobody sweeps promises",
    change: ["    relay_outbox: relayOutbox,\n", ""],
    dies: CRON,
    by: "that cannot reach the queue try again, and lose nothing",
  },
  {
    name: "retries come as fast as they fail",
    change: [
      "const base = Math.min(2 ** Math.max(attempt, 1) * SECOND_MS, CEILING_MS);",
      "const base = SECOND_MS;",
    ],
    dies: CONSUME,
    by: "(a consumer that swallows the error and acknowledges) retries what fails with growing delays, and settles the others",
  },
  {
    name: "retries come hours apart",
    change: [
      "const base = Math.min(2 ** Math.max(attempt, 1) * SECOND_MS, CEILING_MS);",
      "const base = 2 ** Math.max(attempt, 1) * SECOND_MS;",
    ],
    dies: CONSUME,
    by: "(a consumer that swallows the error and acknowledges) retries what fails with growing delays, and settles the others",
  },
  {
    name: "a message says what it is about",
    change: ["export const jobSchema = z.strictObject({", "export const jobSchema = z.object({"],
    dies: CONSUME,
    by: "records a poison message and acknowledges it; the rest of its batch is unaffected",
  },
];
