import type { Mutant } from "../mutant.ts";

const IDEMPOTENCY_AGE = "test/platform/idempotency-age.test.ts";
const CONSUME = "test/jobs/consume.test.ts";
const CRON = "test/jobs/cron.test.ts";
const DEAD = "test/jobs/dead-letters.test.ts";
const SETTLED = "test/webhooks/settled.test.ts";
const PUT_OFF = "that a failed try has put off meanwhile come when it has said";
const OVERLAP = "missed for a day are caught up with by the next one";
const BURIED =
  "(messages deleted because the dead-letter queue had no consumer) is written down where a person finds it, and its event is dead, not lost";

/** What the queue and the clock bring. */
export const JOBS: readonly Mutant[] = [
  {
    name: "the sweep puts off a promise whose try has failed meanwhile",
    change: ["and(lte(outbox.wakeAt, now), sql", "and(sql"],
    dies: SETTLED,
    by: PUT_OFF,
  },
  {
    name: "the sweep puts off an event whose try has failed meanwhile",
    change: ["and(lte(webhookEvents.wakeAt, now), sql", "and(sql"],
    dies: SETTLED,
    by: PUT_OFF,
  },
  {
    name: "the sweep puts off a delivery whose try has failed meanwhile",
    change: [
      "const due = now === undefined ? sql`` : sql`AND wake_at <= ${now}`;",
      "const due = sql``;",
    ],
    dies: SETTLED,
    by: PUT_OFF,
  },
  {
    name: "one message that fails takes its batch along",
    change: [
      '        ctx.log.raise("warn");\n        ctx.log.set({ error });\n        message.retry(',
      "        for (const other of batch.messages) other.retry();\n        message.retry(",
    ],
    dies: CONSUME,
    by: "(a consumer that swallows the error and acknowledges) retries what fails with growing delays, and settles the others",
  },
  {
    name: "a message that fails is acknowledged",
    change: [
      "message.retry({ delaySeconds: Math.ceil(backoffMs(message.attempts) / SECOND_MS) });",
      "message.ack();",
    ],
    dies: CONSUME,
    by: "never throws and never acknowledges when the database is away",
  },
  {
    name: "what reaches the dead-letter queue is worked on",
    change: ["const settle = dead ? bury : work;", "const settle = work;"],
    dies: CONSUME,
    by: BURIED,
  },
  {
    name: "a message that nothing can read is lost",
    change: ["    await ctx.db.run(deadLetter(ctx, message, queue, UNREADABLE));\n", ""],
    dies: CONSUME,
    by: "records a poison message and acknowledges it; the rest of its batch is unaffected",
  },
  {
    name: "a buried event is alive",
    change: [
      "webhook: (id) => buryEvent(id, RETRIES_OVER),",
      "webhook: (id) => markDead(id, RETRIES_OVER),",
    ],
    dies: CONSUME,
    by: BURIED,
  },
  {
    name: "a buried promise is alive",
    change: [
      "outbox: (id) => markDead(id, RETRIES_OVER),",
      "outbox: (id) => buryEvent(id, RETRIES_OVER),",
    ],
    dies: CONSUME,
    by: "ends a promise of the outbox, and leaves what is done alone",
  },
  {
    name: "what is buried is written down nowhere",
    change: [
      "end === undefined ? [record] : [record, end]",
      "end === undefined ? [record] : [end]",
    ],
    dies: CONSUME,
    by: BURIED,
  },
  {
    name: "a dead letter that cannot be written down is gone",
    change: [
      '  ctx.log.raise("error");\n  const record = deadLetter(',
      "  message.ack();\n  const record = deadLetter(",
    ],
    dies: CONSUME,
    by: "keeps its message when it cannot be written down",
  },
  {
    name: "nobody is called to money that does not go back",
    change: ['if (job?.type === "outbox") await reportUntold(ctx, job.id);', ""],
    dies: DEAD,
    by: "is on its way again when a person replays it, with the same key",
  },
  {
    name: "operators are called to a refund whose promise was kept",
    change: ['if (row?.status !== "dead") return;', "if (row === undefined) return;"],
    dies: DEAD,
    by: "calls nobody to one that is at Stripe already, when its message dies after all",
  },
  {
    name: "nobody ends holds",
    change: ["    expire_reservations: expireReservations,\n", ""],
    dies: CRON,
    by: OVERLAP,
  },
  {
    name: "nobody ends checkouts",
    change: ["    expire_checkouts: expireCheckouts,\n", ""],
    dies: CRON,
    by: OVERLAP,
  },
  {
    name: "nobody sweeps events",
    change: ["    relay_webhook_events: relayEvents,\n", ""],
    dies: CRON,
    by: OVERLAP,
  },
  {
    name: "nobody asks Stripe",
    change: ["    reconcile_stripe: (ctx) => reconcileStripe(ctx),\n", ""],
    dies: "test/payments/reconcile.test.ts",
    by: "what is found says where it came from, as an event that a person can see",
  },
  {
    name: "nobody purges keys",
    change: ["    purge_idempotency_keys: purgeIdempotencyKeys,\n", ""],
    dies: IDEMPOTENCY_AGE,
    by: "keeps up with fifty a second, and leaves those that live",
  },
  {
    name: "nobody looks whether all is well",
    change: ["    audit_invariants: auditInvariants,\n", ""],
    dies: "test/audit/audit-invariants.test.ts",
    by: "says a breach in the log as an error, every hour, and to the operators by mail, once a day",
  },
];
