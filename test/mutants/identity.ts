import type { Mutant } from "./mutant.ts";

const BY_HAND = "test/identity/by-hand.test.ts";
const USERS = "test/identity/users.test.ts";
const ME = "test/identity/me.test.ts";
const KEYS = "test/identity/api-keys.test.ts";
const ACCOUNTS = "test/identity/accounts.test.ts";

/** Users, links, sessions and keys, as the database holds them. */
const ROWS: readonly Mutant[] = [
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
    name: "a secret of no session",
    change: [
      ",\n\tFOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action",
      "",
    ],
    dies: "test/identity/sign-in-races.test.ts",
    by: "is refused, and opens no session that would outlive the change",
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

/** What an admin may do to others, and everybody to themselves. */
const PEOPLE: readonly Mutant[] = [
  {
    name: "the last admin is demoted",
    change: [
      "demotes || disables ? anotherAdmin : undefined",
      "disables ? anotherAdmin : undefined",
    ],
    dies: USERS,
    by: "stays one, also when a key asks",
  },
  {
    name: "the last admin is disabled",
    change: [
      "demotes || disables ? anotherAdmin : undefined",
      "demotes ? anotherAdmin : undefined",
    ],
    dies: USERS,
    by: "stays one, also when a key asks",
  },
  {
    name: "a disabled admin counts as one",
    change: [
      "WHERE other.role = 'admin' AND other.disabled_at IS NULL AND other.id <> ${id}",
      "WHERE other.role = 'admin' AND other.id <> ${id}",
    ],
    dies: USERS,
    by: "does not count the ones who are disabled",
  },
  {
    name: "an admin counts as another one beside themselves",
    change: [
      "AND other.disabled_at IS NULL AND other.id <> ${id}",
      "AND other.disabled_at IS NULL",
    ],
    dies: USERS,
    by: "stays one, also when a key asks",
  },
  {
    name: "anybody counts as another admin",
    change: ["WHERE other.role = 'admin' AND other.disabled_at", "WHERE other.disabled_at"],
    dies: USERS,
    by: "stays one, also when a key asks",
  },
  {
    name: "who is no admin is kept as the last one",
    change: ["(${users.role} <> 'admin' OR ${users.disabledAt}", "(${users.disabledAt}"],
    dies: USERS,
    by: "stays one, also when a key asks",
  },
  {
    name: "admins change themselves",
    change: ["if (ctx.actor.user?.id === input.id) {", "if (false) {"],
    dies: USERS,
    by: "cannot change themselves",
  },
  {
    name: "a role that is taken away stays in open sessions",
    change: [`role === undefined ? undefined : "role_change"`, "undefined"],
    dies: USERS,
    by: "changes a role, which signs the user out everywhere, and is written down",
  },
  {
    name: "a disabled user stays signed in",
    change: [`disabled === true ? "disabled" : role`, "role"],
    dies: USERS,
    by: "disables a user, who cannot come back in until enabled",
  },
  {
    name: "a change that did not happen ends the user's sessions",
    change: [", sql`changes() > 0`", ""],
    dies: USERS,
    by: "is left when two admins demote each other at once",
  },
  {
    name: "a change that did not happen is written down",
    change: ["${ctx.now()} WHERE changes() > 0`", "${ctx.now()}`"],
    dies: USERS,
    by: "finds nobody behind an id that is not there, and writes nothing down",
  },
  {
    name: "a password is changed without the current one",
    change: [
      'if (!right) throw invalidField("currentPassword"',
      'if (false) throw invalidField("currentPassword"',
    ],
    dies: ME,
    by: "changes the name, and the password only with the current one",
  },
  {
    name: "a new password leaves the other sessions open",
    change: ['endSessions(row.id, "password_change", now, signedIn(ctx).sessionId),', ""],
    dies: "test/identity/sessions.test.ts",
    by: "ends every other session, and leaves the one at hand",
  },
  {
    name: "a new password ends the session at hand",
    change: [", ne(sessions.id, except)", ""],
    dies: "test/identity/sessions.test.ts",
    by: "ends every other session, and leaves the one at hand",
  },
  {
    name: "a new password leaves links to another one good",
    change: ["      voidResetLinks(row.id, now),\n", ""],
    dies: "test/identity/password-reset.test.ts",
    by: "makes every other such link useless, as a changed password does",
  },
  {
    name: "a new password is not written down",
    change: [',\n      audit(ctx, "password.changed", row.id)', ""],
    dies: "test/identity/audit-log.test.ts",
    by: "leaves one line: who, what, to which thing, from where, in which request",
  },
];

/** Keys of programs. */
const PROGRAMS: readonly Mutant[] = [
  {
    name: "a revoked key is good",
    change: ["row === undefined || row.revokedAt !== null", "row === undefined"],
    dies: KEYS,
    by: "is over at once where it was revoked, and within ten seconds everywhere",
  },
  {
    name: "a key is good after its end",
    change: ["if (row.expiresAt !== null && row.expiresAt <= now) return undefined;", ""],
    dies: KEYS,
    by: "is over at the moment it was made to end",
  },
  {
    name: "a key is good at the moment at which it ends",
    change: [
      "row.expiresAt !== null && row.expiresAt <= now",
      "row.expiresAt !== null && row.expiresAt < now",
    ],
    dies: KEYS,
    by: "is over at the moment it was made to end",
  },
  {
    name: "a revoked key is trusted for a minute more",
    change: ["const TRUSTED_MS = 10 * SECOND_MS;", "const TRUSTED_MS = 60 * SECOND_MS;"],
    dies: KEYS,
    by: "is over at once where it was revoked, and within ten seconds everywhere",
  },
  {
    name: "a key that is revoked here stays good here",
    change: ["  ctx.apiKeys.clear();\n", ""],
    dies: KEYS,
    by: "is over at once where it was revoked, and within ten seconds everywhere",
  },
  {
    name: "a key is revoked twice",
    change: [
      ".where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))",
      ".where(eq(apiKeys.id, id))",
    ],
    dies: KEYS,
    by: "is revoked once, and leaves one line in the audit log",
  },
  {
    name: "a key makes another that may do more",
    change: [
      "scopes !== undefined && input.scopes.some((scope) => !scopes.includes(scope))",
      "false",
    ],
    dies: KEYS,
    by: "cannot make a key that may do more than itself",
  },
  {
    name: "a key is made that has ended",
    change: ["input.expiresAt !== undefined && Date.parse(input.expiresAt) <= now", "false"],
    dies: KEYS,
    by: "cannot be made to have ended already",
  },
  {
    name: "a key's secret is in the database",
    change: ["    hash: await hashSecret(secret),\n    hint", "    hash: secret,\n    hint"],
    dies: KEYS,
    by: "is shown once, and is in no list and no table afterwards",
  },
  {
    name: "a key with a wrong checksum is looked for in the database",
    change: ["&& (await checksum(secret)) === sum", ""],
    dies: KEYS,
    by: "costs no trip to the database when its checksum is wrong, and one when it is right",
  },
];

/** Guests' orders join the account of a proved address. */
const ADOPTION: readonly Mutant[] = [
  {
    name: "an address that nobody has proved is taken for proved",
    change: [
      "WHERE t.id = ${tokenId} AND u.email_verified_at IS NOT NULL`",
      "WHERE t.id = ${tokenId}`",
    ],
    dies: ACCOUNTS,
    by: "joins the account with its address once that is verified, and not before",
  },
];

/** Users, their rights and the keys of programs. */
export const IDENTITY: readonly Mutant[] = [...ROWS, ...PEOPLE, ...PROGRAMS, ...ADOPTION];
