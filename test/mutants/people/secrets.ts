import type { Mutant } from "../mutant.ts";

const SESSIONS = "test/identity/sessions.test.ts";

const REFRESH = "test/identity/refresh.test.ts";

const BROWSER = "test/identity/browser-session.test.ts";

/**
 * Refresh tokens are spent once, and a stolen one ends its session; and a browser's cookie. That the session is alive is
 * asked of the token first and by the statement of the next secret again: either would do.
 */
export const SECRETS: readonly Mutant[] = [
  {
    name: "a session lives longer with each refresh",
    change: [
      ".set({ lastUsedAt: now }).where(eq(sessions.id, id))",
      ".set({ lastUsedAt: now, expiresAt: now + 2_592_000_000 }).where(eq(sessions.id, id))",
    ],
    dies: REFRESH,
    by: "is good for thirty days after the sign-in, however often it was renewed",
  },
  {
    name: "a browser's secret brings tokens",
    change: ['    found.kind !== "token" ||\n', ""],
    dies: REFRESH,
    by: "of a browser brings no tokens",
  },
  {
    name: "a disabled user refreshes",
    change: ["  if (user.disabledAt !== null) throw over();\n", ""],
    dies: SESSIONS,
    by: "that was opened in the moment of disabling is refused at its first refresh",
  },
  {
    name: "a stolen refresh token goes unnoticed",
    change: [
      "found.spentAt !== null && now - found.spentAt > RACE_MS",
      "found.spentAt !== null && now < 0",
    ],
    dies: REFRESH,
    by: "that is used again after ten seconds ends its whole session, and the log says so",
  },
  {
    name: "two tabs are taken for a thief",
    change: ["found.spentAt !== null && now - found.spentAt > RACE_MS", "found.spentAt !== null"],
    dies: REFRESH,
    by: "sent by two tabs within seconds lets both go on",
  },
  {
    name: "a refresh token that is used every nine seconds lives for ever",
    change: [
      ".where(and(eq(sessionSecrets.hash, hash), isNull(sessionSecrets.spentAt)))",
      ".where(eq(sessionSecrets.hash, hash))",
    ],
    dies: REFRESH,
    by: "sent again and again within seconds is taken for stolen all the same, ten seconds after its first use",
  },
  {
    name: "a session that has ended gets another secret",
    change: [
      "WHERE id = ${sessionId} AND ended_at IS NULL AND expires_at > ${now}), ${now})`",
      "WHERE id = ${sessionId} AND expires_at > ${now}), ${now})`",
    ],
    dies: "test/identity/session-writes.test.ts",
    by: "that has ended gets no other secret",
  },
  {
    name: "a session that is over gets another secret",
    change: [
      "WHERE id = ${sessionId} AND ended_at IS NULL AND expires_at > ${now}), ${now})`",
      "WHERE id = ${sessionId} AND ended_at IS NULL), ${now})`",
    ],
    dies: "test/identity/session-writes.test.ts",
    by: "that is over gets no other secret",
  },
  {
    name: "a refresh token is in the database",
    change: [
      "const hash = await hashSecret(secret);\n  return {\n    sessionId,",
      "const hash = secret;\n  return {\n    sessionId,",
    ],
    dies: REFRESH,
    by: "is in the database as a hash only",
  },
  {
    name: "the next refresh token is in the database",
    change: ["insertNextSecret(await hashSecret(next),", "insertNextSecret(next,"],
    dies: REFRESH,
    by: "is in the database as a hash only",
  },
  {
    name: "a browser's session is good when it has ended",
    change: ["AND s.kind = 'browser' AND s.ended_at IS NULL\n", "AND s.kind = 'browser'\n"],
    dies: BROWSER,
    by: "is over when the API ends it, or changes the password",
  },
  {
    name: "a browser's session is good for ever",
    change: ["AND s.expires_at > ${now} AND u.disabled_at IS NULL`", "AND u.disabled_at IS NULL`"],
    dies: BROWSER,
    by: "is over after 30 days",
  },
  {
    name: "a browser's session is good for a disabled user",
    change: ["AND s.expires_at > ${now} AND u.disabled_at IS NULL`", "AND s.expires_at > ${now}`"],
    dies: "test/identity/session-writes.test.ts",
    by: "is over with its user, though nobody has ended it",
  },
  {
    name: "a program's secret is a browser's cookie",
    change: ["AND s.kind = 'browser' AND s.ended_at", "AND s.ended_at"],
    dies: BROWSER,
    by: "is not one that was opened for tokens, whatever its secret looks like",
  },
  {
    name: "a spent secret is a browser's cookie",
    change: ["WHERE t.hash = ${hash} AND t.spent_at IS NULL AND", "WHERE t.hash = ${hash} AND"],
    dies: "test/identity/session-writes.test.ts",
    by: "is not spoken for by a secret that is spent",
  },
];
