import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/platform/by-hand.test.ts";

const INBOX = "test/webhooks/inbox.test.ts";

const PROCESSING = "test/webhooks/processing.test.ts";

const RECEIVING = "test/webhooks/receiving.test.ts";

const CONSUME = "test/jobs/consume.test.ts";

const DEAD = "test/jobs/dead-letters.test.ts";

/** The inbox of providers' events. */
export const WEBHOOKS: readonly Mutant[] = [
  {
    name: "an event of nobody we know",
    change: [`CHECK("webhook_events"."provider" IN ('stripe', 'resend'))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of an event of nobody we know is refused",
  },
  {
    name: "an event in a state that there is not",
    change: [
      `CHECK("webhook_events"."status" IN ('received', 'processed', 'ignored', 'failed', 'dead'))`,
      "CHECK(1)",
    ],
    dies: BY_HAND,
    by: "of an event in a state that there is not is refused",
  },
  {
    name: "the same webhook is two events",
    change: ["CREATE UNIQUE INDEX `webhook_events_once`", "CREATE INDEX `webhook_events_once`"],
    dies: "test/platform/by-hand.test.ts",
    by: "of an event that came before is refused",
  },
  {
    name: "one provider's events are another's",
    change: [
      "`webhook_events_once` ON `webhook_events` (`provider`,`event_id`)",
      "`webhook_events_once` ON `webhook_events` (`event_id`)",
    ],
    dies: BY_HAND,
    by: "of one event for each provider is taken",
  },
  {
    name: "a webhook that came before is an error",
    change: [
      "WHERE NOT EXISTS (SELECT 1 FROM webhook_events WHERE provider = ${p.provider} AND event_id = ${p.eventId})",
      "WHERE 1",
    ],
    dies: RECEIVING,
    by: "days later changes nothing",
  },
  {
    name: "a webhook that cannot be stored is answered 200",
    change: [
      `throw new AppError("UNAVAILABLE", "The event could not be stored. Please send it again.", {`,
      `return Number({`,
    ],
    dies: RECEIVING,
    by: "that cannot be stored is answered 503, so that Stripe sends it again",
  },
  {
    name: "the sweep never looks for an event that the queue was not told of",
    change: [
      "      wakeAt: now + WAKE_GRACE_MS,\n    }),\n  );\n  const stored",
      "      wakeAt: null,\n    }),\n  );\n  const stored",
    ],
    dies: PROCESSING,
    by: "is found by the sweep a minute later",
  },
  {
    name: "an event that was processed is processed again",
    change: [
      `event.status === "processed" || event.status === "ignored"`,
      `event.status === "ignored"`,
    ],
    dies: "test/webhooks/settled.test.ts",
    by: "that was processed is not handled again, however often its message comes",
  },
  {
    name: "an event that was ignored is processed again",
    change: [
      `event.status === "processed" || event.status === "ignored"`,
      `event.status === "processed"`,
    ],
    dies: "test/webhooks/settled.test.ts",
    by: "that was ignored is not handled again, however often its message comes",
  },
  {
    name: "an event that is not for us is tried again and again",
    change: [`if (!done) await ctx.db.run(settleEvent(event.id, "ignored", ctx.now()));`, ""],
    dies: "test/webhooks/settled.test.ts",
    by: "that was ignored is not handled again, however often its message comes",
  },
  {
    name: "an event that fails says nothing of it",
    change: [
      "await ctx.db.batch(told === undefined ? [failed] : [failed, told.statement]);",
      "await ctx.db.batch(told === undefined ? [] : [told.statement]);",
    ],
    dies: PROCESSING,
    by: "says why, keeps its place in the sweep, and has its effect once Stripe is back",
  },
  {
    name: "an event that fails is acknowledged",
    change: [
      "    await writeDown(ctx, event, error, away ? { lacks: event.provider } : {});\n    throw error;\n",
      "    await writeDown(ctx, event, error, away ? { lacks: event.provider } : {});\n",
    ],
    dies: CONSUME,
    by: "(a consumer that swallows the error and acknowledges) retries what fails with growing delays, and settles the others",
  },
  {
    name: "an event that another try has processed is failed",
    change: [
      "      attempts: sql`${webhookEvents.attempts} + 1`,\n    })\n    .where(and(eq(webhookEvents.id, id), unsettled));",
      "      attempts: sql`${webhookEvents.attempts} + 1`,\n    })\n    .where(eq(webhookEvents.id, id));",
    ],
    dies: PROCESSING,
    by: "while another try gives it its effect stays processed",
  },
  {
    name: "an event that was processed is buried",
    change: [
      "      lastError: sql`coalesce(${webhookEvents.lastError}, ${error})`,\n    })\n    .where(and(eq(webhookEvents.id, id), unsettled));",
      "      lastError: sql`coalesce(${webhookEvents.lastError}, ${error})`,\n    })\n    .where(eq(webhookEvents.id, id));",
    ],
    dies: CONSUME,
    by: "ends a promise of the outbox, and leaves what is done alone",
  },
  {
    name: "an event whose turn was another's is woken again and again",
    change: ["and(lte(webhookEvents.wakeAt, now), sql", "and(sql"],
    dies: PROCESSING,
    by: "is not woken again and again",
  },
  {
    name: "the sweep does not leave due events to those that come after it",
    change: [
      "postpone: postponeEvents }",
      "postpone: (_, at, now) => postponeEvents([], at, now) }",
    ],
    dies: "test/webhooks/settled.test.ts",
    by: "that the sweep has woken is left alone by the next sweep",
  },
  {
    name: "an event that fails is not swept",
    change: [
      "      lastError: reason,\n      wakeAt,\n",
      "      lastError: reason,\n      wakeAt: null,\n",
    ],
    dies: "test/webhooks/settled.test.ts",
    by: "that fails is tried again, by the queue and by the sweep",
  },
  {
    name: "a processed event stays in the sweep",
    change: ["      processedAt: now,\n      wakeAt: null,\n", "      processedAt: now,\n"],
    dies: PROCESSING,
    by: "is not woken again and again",
  },
  {
    name: "an event that does not exist is replayed",
    change: ['if (refusedBy(error, NO_EVENT)) return notFound("webhook event");\n', ""],
    dies: INBOX,
    by: "what does not exist is 404, and leaves no line in the audit log",
  },
  {
    name: "a replayed event stays processed",
    change: [
      `.set({ status: "received", processedAt: null, wakeAt, lacks: null })`,
      ".set({ wakeAt, lacks: null })",
    ],
    dies: "test/webhooks/settled.test.ts",
    by: "that is replayed is replayed alone",
  },
  {
    name: "one replay is that of all events",
    change: [
      '.set({ status: "received", processedAt: null, wakeAt, lacks: null })\n    .where(eq(webhookEvents.id, id));',
      `.set({ status: "received", processedAt: null, wakeAt, lacks: null });`,
    ],
    dies: "test/webhooks/settled.test.ts",
    by: "that is replayed is replayed alone",
  },
  {
    name: "two runs of one reconciliation both move its cursor",
    change: [
      ".where(and(eq(reconciliations.name, name), eq(reconciliations.version, version)))",
      ".where(eq(reconciliations.name, name))",
    ],
    dies: "test/payments/reconcile-runs.test.ts",
    by: "because another one overlaps with it leaves the cursor to the other",
  },
  {
    name: "each run begins its reconciliation anew",
    change: [
      "    .values({ name, state, version: 1, updatedAt: now })\n    .onConflictDoNothing();",
      "    .values({ name, state, version: 1, updatedAt: now })\n    .onConflictDoUpdate({ target: reconciliations.name, set: { state } });",
    ],
    dies: "test/payments/reconcile-runs.test.ts",
    by: "is bounded: the next ones go on where it stopped, and nothing is left out",
  },
  {
    name: "an event of another provider is known",
    change: ["        eq(webhookEvents.provider, provider),\n        sql", "        sql"],
    dies: "test/webhooks/settled.test.ts",
    by: "of another provider with the same id is another event",
  },
  {
    name: "a promise that is alive is replayed",
    change: [
      "(SELECT id ${deadPromises} AND id = ${id})`",
      "(SELECT id FROM outbox WHERE id = ${id})`",
    ],
    dies: DEAD,
    by: "is replayed by one of two people who do so at once",
  },
  {
    name: "a promise that is alive is revived",
    change: ["WHERE id = ${id} AND status = 'dead'`", "WHERE id = ${id}`"],
    dies: "test/webhooks/settled.test.ts",
    by: "that is kept is not revived",
  },
  {
    name: "an event that died is an unreadable message, too",
    change: ["FROM dead_letters WHERE reason = ${UNREADABLE}`", "FROM dead_letters WHERE 1`"],
    dies: DEAD,
    by: "is not said of an event that died: that one is in the inbox",
  },
  {
    name: "promises that are alive are dead letters",
    change: ["sql`FROM outbox WHERE status = 'dead'`", "sql`FROM outbox WHERE 1`"],
    dies: DEAD,
    by: "is in the list of dead letters, and is sent once when a person replays it",
  },
];
