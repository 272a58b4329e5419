import type { Mutant } from "../mutant.ts";

const IDEMPOTENCY_AGE = "test/platform/idempotency-age.test.ts";
const BY_HAND = "test/platform/by-hand.test.ts";

const CRASH = "test/checkout/crash-at-database.test.ts";

const WRITES = "test/platform/key-writes.test.ts";

/** A key is used once in its life, by its caller. */
export const KEY_ROWS: readonly Mutant[] = [
  {
    name: "a key has an answer and no status",
    change: [
      `CHECK(("idempotency_keys"."status" IS NULL) = ("idempotency_keys"."body" IS NULL))`,
      "CHECK(1)",
    ],
    dies: BY_HAND,
    by: "of a key with an answer and no status is refused",
  },
  {
    name: "a key is every caller's",
    change: ["PRIMARY KEY(`caller`, `key`),", "PRIMARY KEY(`key`),"],
    dies: BY_HAND,
    by: "of one key for each caller is taken",
  },
  {
    name: "a caller has one key",
    change: ["PRIMARY KEY(`caller`, `key`),", "PRIMARY KEY(`caller`),"],
    dies: BY_HAND,
    by: "of a caller for each key is taken",
  },
  {
    name: "a key that lives is used again",
    change: [
      "iif(expires_at <= excluded.created_at, excluded.request_hash, NULL)",
      "excluded.request_hash",
    ],
    dies: "test/checkout/idempotency.test.ts",
    by: "refuses another request of somebody signed in also while the first has no answer",
  },
  {
    name: "a key lives for ever",
    change: ["iif(expires_at <= excluded.created_at, excluded.request_hash, NULL)", "NULL"],
    dies: IDEMPOTENCY_AGE,
    by: "is a new one, also before the purge has come to it",
  },
  {
    name: "a key is over a millisecond late",
    change: [
      "iif(expires_at <= excluded.created_at, excluded.request_hash, NULL)",
      "iif(expires_at < excluded.created_at, excluded.request_hash, NULL)",
    ],
    dies: IDEMPOTENCY_AGE,
    by: "is a new one, also before the purge has come to it",
  },
  {
    name: "a new use of an old key answers with the old one's headers",
    change: ["        headers: sql`excluded.headers`,\n", ""],
    dies: IDEMPOTENCY_AGE,
    by: "gives the answer of that day with nothing of an older one's headers",
  },
  {
    name: "a new use of an old key lives as long as that",
    change: ["        expiresAt: sql`excluded.expires_at`,\n", ""],
    dies: IDEMPOTENCY_AGE,
    by: "is a new one, also before the purge has come to it",
  },
  {
    name: "a new use of an old key has the old answer",
    change: ["        body: sql`excluded.body`,\n", ""],
    dies: IDEMPOTENCY_AGE,
    by: "is a new one, also before the purge has come to it",
  },
  {
    name: "a new use of an old key makes what that has made",
    change: ["        subject: sql`excluded.subject`,\n", ""],
    dies: WRITES,
    by: "that is over is written over whole by its next use",
  },
  {
    name: "a new use of an old key is answered already",
    change: ["        status: sql`excluded.status`,\n", ""],
    dies: WRITES,
    by: "that is over is written over whole by its next use",
  },
  {
    name: "a new use of an old key is at work for nobody",
    change: ["        lockedUntil: sql`excluded.locked_until`,\n", ""],
    dies: WRITES,
    by: "that is over is written over whole by its next use",
  },
  {
    name: "a key whose first request is at work is taken over",
    change: ["        lte(idempotencyKeys.lockedUntil, now),\n", ""],
    dies: WRITES,
    by: "whose first request is at work is not taken over",
  },
  {
    name: "a key that has an answer is taken over",
    change: [
      "isNull(idempotencyKeys.status),\n        lte(idempotencyKeys.lockedUntil, now),",
      "lte(sql`coalesce(${idempotencyKeys.lockedUntil}, 0)`, now),",
    ],
    dies: WRITES,
    by: "that has an answer is not taken over",
  },
  {
    name: "a second answer replaces the first",
    change: [
      ".where(and(same(p), isNull(idempotencyKeys.status), provided));",
      ".where(and(same(p), provided));",
    ],
    dies: WRITES,
    by: "keeps its first answer",
  },
  {
    name: "an answer is stored whatever it is provided for",
    change: [
      ".where(and(same(p), isNull(idempotencyKeys.status), provided));",
      ".where(and(same(p), isNull(idempotencyKeys.status)));",
    ],
    dies: WRITES,
    by: "gets an answer only if what it says is so",
  },
  {
    name: "a key that has an answer is unlocked",
    change: [
      ".set({ lockedUntil: now })\n    .where(and(same(markedBy(use)), isNull(idempotencyKeys.status)));",
      ".set({ lockedUntil: now })\n    .where(same(markedBy(use)));",
    ],
    dies: WRITES,
    by: "that has an answer is not unlocked",
  },
  {
    name: "keys are purged in the middle of their day",
    change: [
      "WHERE expires_at <= ${now} ORDER BY expires_at LIMIT ${limit})",
      "WHERE created_at <= ${now} ORDER BY expires_at LIMIT ${limit})",
    ],
    dies: IDEMPOTENCY_AGE,
    by: "takes no key away in the middle of its day",
  },
  {
    name: "a purge has no bound",
    change: ["const MAX_PURGE_BATCHES = 30;", "const MAX_PURGE_BATCHES = 3000;"],
    dies: IDEMPOTENCY_AGE,
    by: "does no more than its bound in a run, and the rest in the next",
  },
  {
    name: "a purge cannot keep up",
    change: ["    if (gone.length < PURGE_BATCH) break;\n", "    break;\n"],
    dies: IDEMPOTENCY_AGE,
    by: "keeps up with fifty a second, and leaves those that live",
  },
  {
    name: "a checkout whose first try died never goes on",
    change: [
      ".set({ lockedUntil: now })\n    .where(and(same(markedBy(use)), isNull(idempotencyKeys.status)));",
      ".set({ lockedUntil: now + 600_000 })\n    .where(and(same(markedBy(use)), isNull(idempotencyKeys.status)));",
    ],
    dies: CRASH,
    by: "(a crash between the order and its key) the retry goes on: one order, one page, the right answer",
  },
];
