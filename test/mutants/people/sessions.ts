import type { Mutant } from "../mutant.ts";

const TESTS = "test/identity/sessions.test.ts";

const RACES = "test/identity/sign-in-races.test.ts";

/**
 * Sessions are opened, go on and end. That a session is opened for the password that was checked, and for nobody who is
 * disabled, its own statement holds: what asks for the same before it, or beside it in its batch, could be left out. So could
 * the question of `logOut` whose refresh token it is: no session ends but the caller's own.
 */
export const SESSIONS: readonly Mutant[] = [
  {
    name: "a session is opened with a password that was changed meanwhile",
    change: ["AND password_hash IS ${passwordHash} AND disabled_at", "AND disabled_at"],
    dies: RACES,
    by: "is refused, and opens no session that would outlive the change",
  },
  {
    name: "a session is opened for a user who is disabled in that moment",
    change: [
      "AND password_hash IS ${passwordHash} AND disabled_at IS NULL`",
      "AND password_hash IS ${passwordHash}`",
    ],
    dies: RACES,
    by: "is refused for a user who is disabled in that moment",
  },
  {
    name: "a wrong password signs in",
    change: [
      "if (user === undefined || !right || user.disabledAt !== null) throw wrong();",
      "if (user === undefined || user.disabledAt !== null) throw wrong();",
    ],
    dies: "test/identity/timing.mass.test.ts",
    by: "says the same for nobody as for somebody, disabled or not",
  },
  {
    name: "nobody is told faster than somebody",
    change: [
      "tryVerify(hash ?? NOBODYS_HASH, argon2Input(password))",
      'tryVerify(hash ?? "", argon2Input(password))',
    ],
    dies: "test/identity/timing.mass.test.ts",
    by: "takes as long for all of them",
  },
  {
    name: "a known device is told of each time",
    change: ["known.length === 0 ? newSignInMail", "true ? newSignInMail"],
    dies: "test/identity/sign-in-mail.test.ts",
    by: "comes once for each new device, and not for a known one",
  },
  {
    name: "somebody else's device is known",
    change: ["WHERE u.email = ${email} AND s.user_agent", "WHERE s.user_agent"],
    dies: "test/identity/sign-in-mail.test.ts",
    by: "comes once for each new device, and not for a known one",
  },
  {
    name: "a session is ended by whoever knows its id",
    change: [
      "eq(sessions.id, id), eq(sessions.userId, userId), live(now)",
      "eq(sessions.id, id), live(now)",
    ],
    dies: "test/identity/isolation.mass.test.ts",
    by: "As their colleague > every route answers what the table of access says",
  },
  {
    name: "a session that is over is ended again",
    change: [
      "eq(sessions.id, id), eq(sessions.userId, userId), live(now)",
      "eq(sessions.id, id), eq(sessions.userId, userId)",
    ],
    dies: "test/identity/session-writes.test.ts",
    by: "that has ended is not ended again",
  },
  {
    name: "everybody's sessions are listed to everybody",
    change: [
      ".where(and(eq(sessions.userId, userId), live(now)))\n    .orderBy",
      ".where(live(now))\n    .orderBy",
    ],
    dies: TESTS,
    by: "is listed to its user only, without anything secret, and can be ended from another one",
  },
  {
    name: "sessions that are over are listed",
    change: [
      ".where(and(eq(sessions.userId, userId), live(now)))\n    .orderBy",
      ".where(eq(sessions.userId, userId))\n    .orderBy",
    ],
    dies: TESTS,
    by: "is listed to its user only, without anything secret, and can be ended from another one",
  },
  {
    name: "an access token outlives its session",
    change: [
      "user === undefined || (await ctx.endedSessions.includes(ctx, user.sessionId))",
      "user === undefined",
    ],
    dies: TESTS,
    by: "is over with its sign-out, the access token too, and no other one is",
  },
  {
    name: "a session that another isolate ends is good for a minute more",
    change: ["const CATCH_UP_MS = 10 * SECOND_MS;", "const CATCH_UP_MS = 60 * SECOND_MS;"],
    dies: TESTS,
    by: "that another isolate ended is over here within ten seconds",
  },
  {
    name: "what another isolate wrote late is never read",
    change: ["const OVERLAP_MS = 30 * SECOND_MS;", "const OVERLAP_MS = 0 * SECOND_MS;"],
    dies: TESTS,
    by: "that another isolate has ended is over here also when its word comes late",
  },
  {
    name: "a session that was signed out is forgotten while its token is good",
    change: ["const REMEMBERED_MS = 20 * MINUTE_MS;", "const REMEMBERED_MS = 10 * MINUTE_MS;"],
    dies: TESTS,
    by: "that was signed out stays over for as long as its access token would be good",
  },
  {
    name: "a list that could not be read counts as read",
    change: ["      this.#stale = true;\n      throw error;", "      throw error;"],
    dies: TESTS,
    by: "that was signed out while the list of them could not be read is over all the same",
  },
];
