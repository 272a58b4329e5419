import type { Mutant } from "../mutant.ts";

const TESTS = "test/identity/users.test.ts";

const ME = "test/identity/me.test.ts";

/** What an admin may do to others, and everybody to themselves. */
export const USERS: readonly Mutant[] = [
  {
    name: "the total of the audit log counts every line, whatever is asked for",
    change: ["countRows(auditLog, matching(filter))", "countRows(auditLog)"],
    dies: "test/identity/audit-log.test.ts",
    by: "is read by admins newest first, page by page, by target and by actor",
  },
  {
    name: "the last admin is demoted",
    change: [
      "demotes || disables ? anotherAdmin : undefined",
      "disables ? anotherAdmin : undefined",
    ],
    dies: TESTS,
    by: "stays one, also when a key asks",
  },
  {
    name: "the last admin is disabled",
    change: [
      "demotes || disables ? anotherAdmin : undefined",
      "demotes ? anotherAdmin : undefined",
    ],
    dies: TESTS,
    by: "stays one, also when a key asks",
  },
  {
    name: "a disabled admin counts as one",
    change: [
      "WHERE other.role = 'admin' AND other.disabled_at IS NULL AND other.id <> ${id}",
      "WHERE other.role = 'admin' AND other.id <> ${id}",
    ],
    dies: TESTS,
    by: "does not count the ones who are disabled",
  },
  {
    name: "an admin counts as another one beside themselves",
    change: [
      "AND other.disabled_at IS NULL AND other.id <> ${id}",
      "AND other.disabled_at IS NULL",
    ],
    dies: TESTS,
    by: "stays one, also when a key asks",
  },
  {
    name: "anybody counts as another admin",
    change: ["WHERE other.role = 'admin' AND other.disabled_at", "WHERE other.disabled_at"],
    dies: TESTS,
    by: "stays one, whoever else there is",
  },
  {
    name: "who is no admin is kept as the last one",
    change: ["(${users.role} <> 'admin' OR ${users.disabledAt}", "(${users.disabledAt}"],
    dies: TESTS,
    by: "is asked for only where an admin is changed",
  },
  {
    name: "a role that is taken away stays in open sessions",
    change: [`role === undefined ? undefined : "role_change"`, "undefined"],
    dies: TESTS,
    by: "changes a role, which signs the user out everywhere, and is written down",
  },
  {
    name: "a disabled user stays signed in",
    change: [`disabled === true ? "disabled" : role`, "role"],
    dies: TESTS,
    by: "disables a user, who cannot come back in until enabled",
  },
  {
    name: "a change that did not happen ends the user's sessions",
    change: [", sql`changes() > 0`", ""],
    dies: TESTS,
    by: "stays one, also when a key asks",
  },
  {
    name: "a change that did not happen is written down",
    change: ["${ctx.now()} WHERE changes() > 0`", "${ctx.now()}`"],
    dies: TESTS,
    by: "finds nobody behind an id that is not there, and writes nothing down",
  },
  {
    name: "a password is changed without the current one",
    change: [
      'if (!right) throw invalidField("currentPassword"',
      'if (false) throw invalidField("currentPassword"',
    ],
    in: "identity/users",
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
    in: "identity/users",
    dies: ME,
    by: "changes the name, and the password only with the current one",
  },
  {
    name: "an address that nobody has proved is taken for proved",
    change: [
      "WHERE t.id = ${tokenId} AND u.email_verified_at IS NOT NULL`",
      "WHERE t.id = ${tokenId}`",
    ],
    dies: "test/identity/session-writes.test.ts",
    by: "of an address that is not proved is nobody's",
  },
];
