import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/identity/by-hand.test.ts";

/** Users, links, sessions and keys, as the database holds them. */
export const PEOPLE_ROWS: readonly Mutant[] = [
  {
    name: "a user of a role that there is not",
    change: [`CHECK("users"."role" IN ('customer', 'agent', 'admin'))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of a role that there is not is refused",
  },
  {
    name: "one address is two in capitals",
    change: [`CHECK("users"."email" = lower("users"."email"))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of an address in capitals is refused",
  },
  {
    name: "two users have one address",
    change: ["CREATE UNIQUE INDEX `users_email_unique`", "CREATE INDEX `users_email_unique`"],
    dies: "test/identity/registration.test.ts",
    by: "with a taken address is refused, in whatever case it is written",
  },
  {
    name: "a session of a kind that there is not",
    change: [`CHECK("sessions"."kind" IN ('token', 'browser'))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of a kind that there is not is refused",
  },
  {
    name: "a session has ended, and nobody knows by whom",
    change: [
      `CHECK(("sessions"."ended_at" IS NULL) = ("sessions"."ended_by" IS NULL))`,
      "CHECK(1)",
    ],
    dies: BY_HAND,
    by: "that has ended by nobody is refused",
  },
  {
    name: "a session comes back to life",
    change: ["WHEN OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL", "WHEN 0"],
    dies: "test/identity/sessions.test.ts",
    by: "that has ended stays ended, whoever writes",
  },
  {
    name: "a session cannot be said to have ended again",
    change: [
      "WHEN OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL",
      "WHEN OLD.ended_at IS NOT NULL",
    ],
    dies: BY_HAND,
    by: "ends once, and may be said to have ended again",
  },
  {
    name: "a session that lives cannot be said to",
    change: ["WHEN OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL", "WHEN NEW.ended_at IS NULL"],
    dies: BY_HAND,
    by: "ends once, and may be said to have ended again",
  },
  {
    name: "a link for what there is not",
    change: [`CHECK("email_tokens"."purpose" IN ('verify', 'reset'))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "for what there is not is refused",
  },
  {
    name: "a link is good twice",
    change: ["WHEN OLD.used_at IS NOT NULL\n", "WHEN 0\n"],
    dies: "test/identity/password-reset.test.ts",
    by: "used ten times at once is good once",
  },
  {
    name: "a link is good for ever",
    change: ["WHEN NEW.used_at >= OLD.expires_at", "WHEN 0"],
    dies: "test/identity/password-reset.test.ts",
    by: "is good for thirty minutes",
  },
  {
    name: "a link is good at the instant at which it ends",
    change: ["WHEN NEW.used_at >= OLD.expires_at", "WHEN NEW.used_at > OLD.expires_at"],
    dies: BY_HAND,
    by: "is good once, up to the millisecond before its end",
  },
  {
    name: "two links have one secret",
    change: ["CREATE UNIQUE INDEX `email_tokens_secret`", "CREATE INDEX `email_tokens_secret`"],
    dies: BY_HAND,
    by: "has a secret that no other has, or none",
  },
  {
    name: "two keys for programs have one secret",
    change: ["CREATE UNIQUE INDEX `api_keys_hash_unique`", "CREATE INDEX `api_keys_hash_unique`"],
    dies: BY_HAND,
    by: "for programs with the secret of another is refused",
  },
  {
    name: "a signing key in a state that there is not",
    change: [`CHECK("signing_keys"."status" IN ('next', 'current', 'retired'))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "for signing in a state that there is not is refused",
  },
  {
    name: "two keys sign",
    change: [
      "CREATE UNIQUE INDEX `signing_keys_one_current`",
      "CREATE INDEX `signing_keys_one_current`",
    ],
    dies: BY_HAND,
    by: "for signing, the second current one is refused",
  },
  {
    name: "two keys are next",
    change: ["CREATE UNIQUE INDEX `signing_keys_one_next`", "CREATE INDEX `signing_keys_one_next`"],
    dies: BY_HAND,
    by: "for signing, the second next one is refused",
  },
  {
    name: "one key at a time is retired",
    change: [
      "`signing_keys_one_next` ON `signing_keys` (`status`) WHERE \"status\" = 'next';",
      "`signing_keys_one_next` ON `signing_keys` (`status`);",
    ],
    dies: BY_HAND,
    by: "for signing may be one of many that are retired",
  },
  {
    name: "the audit log is rewritten",
    change: ["BEFORE UPDATE ON audit_log BEGIN", "BEFORE UPDATE ON audit_log WHEN 0 BEGIN"],
    dies: "test/identity/audit-log.test.ts",
    by: "cannot be changed, not even by the database's own statements",
  },
  {
    name: "lines of the audit log are deleted",
    change: ["BEFORE DELETE ON audit_log BEGIN", "BEFORE DELETE ON audit_log WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "takes lines, and gives none back",
  },
  {
    name: "a line of the audit log is replaced",
    change: ["WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)", "WHEN 0"],
    dies: BY_HAND,
    by: "takes lines, and gives none back",
  },
];
