import type { Mutant } from "./mutant.ts";

const SESSIONS = "test/identity/sessions.test.ts";
const REFRESH = "test/identity/refresh.test.ts";
const RESET = "test/identity/password-reset.test.ts";
const BROWSER = "test/identity/browser-session.test.ts";
const RACES = "test/identity/sign-in-races.test.ts";
const CLAIMS = "test/identity/token-claims.test.ts";
const KEYS = "test/identity/signing-keys.test.ts";
const PASSWORDS = "test/identity/passwords.test.ts";
const PURPOSE = "test/identity/link-purpose.test.ts";

/** Sessions are opened, go on and end. */
const OPEN: readonly Mutant[] = [
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
    name: "a better hash brings the old password back",
    change: [", sql`${users.passwordHash} IS ${from}`", ""],
    dies: RACES,
    by: "does not bring the old password back by storing it with better parameters",
  },
  {
    name: "a wrong password signs in",
    change: [
      "if (user === undefined || !right || user.disabledAt !== null) throw wrong();",
      "if (user === undefined || user.disabledAt !== null) throw wrong();",
    ],
    dies: "test/identity/timing.test.ts",
    by: "says the same for nobody as for somebody, disabled or not",
  },
  {
    name: "a disabled user signs in",
    change: ["|| !right || user.disabledAt !== null) throw wrong();", "|| !right) throw wrong();"],
    dies: "test/identity/users.test.ts",
    by: "disables a user, who cannot come back in until enabled",
  },
  {
    name: "nobody is told faster than somebody",
    change: [
      "tryVerify(hash ?? NOBODYS_HASH, argon2Input(password))",
      'tryVerify(hash ?? "", argon2Input(password))',
    ],
    dies: "test/identity/timing.test.ts",
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
    name: "a session is signed out by whoever has its refresh token",
    change: ["found === undefined || found.userId !== user.id", "found === undefined"],
    dies: SESSIONS,
    by: "of somebody else is not signed out by whoever has its refresh token",
  },
  {
    name: "a session is ended by whoever knows its id",
    change: [
      "eq(sessions.id, id), eq(sessions.userId, userId), live(now)",
      "eq(sessions.id, id), live(now)",
    ],
    dies: SESSIONS,
    by: "is listed to its user only, without anything secret, and can be ended from another one",
  },
  {
    name: "a session that is over is ended again",
    change: [
      "eq(sessions.id, id), eq(sessions.userId, userId), live(now)",
      "eq(sessions.id, id), eq(sessions.userId, userId)",
    ],
    dies: SESSIONS,
    by: "is over with its sign-out, the access token too, and no other one is",
  },
  {
    name: "everybody's sessions are listed to everybody",
    change: [
      ".where(and(eq(sessions.userId, userId), live(now)))\n    .orderBy",
      ".where(live(now))\n    .orderBy",
    ],
    dies: SESSIONS,
    by: "is listed to its user only, without anything secret, and can be ended from another one",
  },
  {
    name: "sessions that are over are listed",
    change: [
      ".where(and(eq(sessions.userId, userId), live(now)))\n    .orderBy",
      ".where(eq(sessions.userId, userId))\n    .orderBy",
    ],
    dies: SESSIONS,
    by: "is listed to its user only, without anything secret, and can be ended from another one",
  },
  {
    name: "an access token outlives its session",
    change: [
      "user === undefined || (await ctx.endedSessions.includes(ctx, user.sessionId))",
      "user === undefined",
    ],
    dies: SESSIONS,
    by: "is over with its sign-out, the access token too, and no other one is",
  },
  {
    name: "a session that another isolate ends is good for a minute more",
    change: ["const CATCH_UP_MS = 10 * SECOND_MS;", "const CATCH_UP_MS = 60 * SECOND_MS;"],
    dies: SESSIONS,
    by: "that another isolate ended is over here within ten seconds",
  },
  {
    name: "what another isolate wrote late is never read",
    change: ["const OVERLAP_MS = 30 * SECOND_MS;", "const OVERLAP_MS = 0 * SECOND_MS;"],
    dies: SESSIONS,
    by: "that another isolate has ended is over here also when its word comes late",
  },
  {
    name: "a session that was signed out is forgotten while its token is good",
    change: ["const REMEMBERED_MS = 20 * MINUTE_MS;", "const REMEMBERED_MS = 10 * MINUTE_MS;"],
    dies: SESSIONS,
    by: "that was signed out stays over for as long as its access token would be good",
  },
  {
    name: "a list that could not be read counts as read",
    change: ["      this.#stale = true;\n      throw error;", "      throw error;"],
    dies: SESSIONS,
    by: "that was signed out while the list of them could not be read is over all the same",
  },
];

/** Refresh tokens are spent once, and a stolen one ends its session. */
const TOKENS: readonly Mutant[] = [
  {
    name: "a refresh token of a session that has ended is good",
    change: ["    found.endedAt !== null ||\n", ""],
    dies: REFRESH,
    by: "that is used again after ten seconds ends its whole session, and the log says so",
  },
  {
    name: "a refresh token is good after thirty days",
    change: [
      "    found.endedAt !== null ||\n    found.expiresAt <= now\n",
      "    found.endedAt !== null\n",
    ],
    dies: REFRESH,
    by: "is good for thirty days after the sign-in, however often it was renewed",
  },
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
    dies: BROWSER,
    by: "is not one that was opened for tokens, whatever its secret looks like",
  },
  {
    name: "a disabled user refreshes",
    change: ["  if (user.disabledAt !== null) throw over();\n", ""],
    dies: SESSIONS,
    by: "that was opened in the moment of disabling is refused at its first refresh",
  },
  {
    name: "a stolen refresh token goes unnoticed",
    change: ["found.spentAt !== null && now - found.spentAt > RACE_MS", "false"],
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
];

/** A browser's cookie. */
const COOKIES: readonly Mutant[] = [
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
    by: "at a browser is over with its user, though nobody has ended it",
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
    by: "at a browser is not spoken for by a secret that is spent",
  },
];

/** Links in mails. */
const LINKS: readonly Mutant[] = [
  {
    name: "a link to verify chooses a password",
    change: [
      "sign(ctx.config.tokenSecret, `email-link:${purpose}`, id)",
      'sign(ctx.config.tokenSecret, "email-link", id)',
    ],
    dies: PURPOSE,
    by: "to verify an address chooses no password, used or not",
  },
  {
    name: "a forged link is good",
    change: [
      'id !== "" && (await sameSecret(token, await linkToken(ctx, id, purpose)))',
      'id !== ""',
    ],
    dies: RESET,
    by: "that was forged is refused without asking the database",
  },
  {
    name: "a link with a stored secret is good for anything",
    change: [
      "and(eq(emailTokens.secretHash, secretHash), eq(emailTokens.purpose, purpose))",
      "eq(emailTokens.secretHash, secretHash)",
    ],
    dies: PURPOSE,
    by: "with a stored secret is good once, for its purpose and its time",
  },
  {
    name: "a disabled user gets a link",
    change: ["WHERE email = ${row.email} AND disabled_at IS NULL`", "WHERE email = ${row.email}`"],
    dies: RESET,
    by: "gives a disabled user nothing",
  },
  {
    name: "a link belongs to whatever purpose",
    change: ["WHERE id = ${tokenId} AND purpose = ${purpose})`", "WHERE id = ${tokenId})`"],
    dies: "test/identity/session-writes.test.ts",
    by: "is nobody's for another purpose",
  },
  {
    name: "a link makes links of other people useless",
    change: ["        sql`${emailTokens.userId} = ${userId}`,\n", ""],
    dies: RESET,
    by: "leaves the links of other people alone",
  },
  {
    name: "a new password makes links to verify useless",
    change: ['        eq(emailTokens.purpose, "reset"),\n        isNull', "        isNull"],
    dies: PURPOSE,
    by: "to verify an address is still good after the password was changed",
  },
  {
    name: "a link that was used keeps everybody from a new password",
    change: ["        isNull(emailTokens.usedAt),\n        gt", "        gt"],
    dies: RESET,
    by: "makes every other such link useless, as a changed password does",
  },
  {
    name: "a link whose time is over keeps its user from another password",
    change: [
      "        isNull(emailTokens.usedAt),\n        gt(emailTokens.expiresAt, now),\n",
      "        isNull(emailTokens.usedAt),\n",
    ],
    dies: RESET,
    by: "that nobody used keeps nobody from another password once its time is over",
  },
  {
    name: "a new password leaves other links good",
    change: ["      voidResetLinks(owner, now),\n", ""],
    dies: RESET,
    by: "makes every other such link useless, as a changed password does",
  },
  {
    name: "a new password by a link ends no session",
    change: ["      endSessionsByToken(id, now),\n", ""],
    dies: RESET,
    by: "sets it once, and ends every session with its access tokens",
  },
  {
    name: "a link that is not there is used up",
    change: [
      "VALUES (${id}, ${ownerOfLink(id, purpose)}, ${purpose}, ${now}, ${now})",
      "VALUES (${id}, coalesce(${ownerOfLink(id, purpose)}, (SELECT id FROM users)), ${purpose}, ${now}, ${now})",
    ],
    dies: "test/identity/idempotent-sign-in.test.ts",
    by: "that is no longer in the database is refused, and nothing is promised",
  },
  {
    name: "an address is verified anew by each link",
    change: [", isNull(users.emailVerifiedAt)),", "),"],
    dies: "test/identity/session-writes.test.ts",
    by: "keeps the time at which the address was proved first",
  },
];

/** Access tokens, and the keys that sign them. */
const SIGNATURES: readonly Mutant[] = [
  {
    name: "a token of another kind is an access token",
    change: ["    if (typ !== TYPE) return undefined; // jose would take it in any spelling\n", ""],
    dies: "test/identity/token-keys.test.ts",
    by: "makes it refused when it asks for anything else than a plain access token",
  },
  {
    name: "a token of somebody else is ours",
    change: ["      issuer: ctx.config.publicUrl,\n", ""],
    dies: CLAIMS,
    by: "is refused when it is of somebody else or for somebody else",
  },
  {
    name: "a token for somebody else is for us",
    change: ["      audience: AUDIENCE,\n", ""],
    dies: CLAIMS,
    by: "is refused when it is of somebody else or for somebody else",
  },
  {
    name: "a token without its times is good",
    change: [`requiredClaims: ["iat", "nbf", "exp", "jti"]`, `requiredClaims: ["jti"]`],
    dies: CLAIMS,
    by: "is refused when one is missing, null, or of another type",
  },
  {
    name: "a token is good for as long as it says",
    change: ["      maxTokenAge: ACCESS_TOKEN_SECONDS,\n", ""],
    dies: CLAIMS,
    by: "is refused when its time is not now",
  },
  {
    name: "a token lives by another clock",
    change: ["      currentDate: new Date(ctx.now()),\n", "      currentDate: new Date(0),\n"],
    dies: "test/identity/token-shapes.test.ts",
    by: "is refused from the second on in which it is over",
  },
  {
    name: "a token speaks for what is no user",
    change: [`sub: z.string().startsWith("usr_")`, "sub: z.string()"],
    dies: CLAIMS,
    by: "is refused when it speaks for what is no user of ours",
  },
  {
    name: "a token of any length is read",
    change: ["  if (!COMPACT.test(token)) return undefined;\n", ""],
    dies: "test/identity/token-shapes.test.ts",
    by: "is refused when it is no whole token in three parts",
  },
  {
    name: "a retired key verifies for ever",
    change: ["  await ctx.db.run(removeRetiredKeys(ctx.now() - VERIFIES_AFTER_MS));\n", ""],
    dies: KEYS,
    by: "takes the old key away after a day, and then refuses what it signs",
  },
  {
    name: "a key is taken away that signs",
    change: [
      `and(eq(signingKeys.status, "retired"), lte(signingKeys.retiredAt, retiredBefore))`,
      "lte(signingKeys.createdAt, retiredBefore)",
    ],
    dies: KEYS,
    by: "comes after thirty days: what was published signs, and another is published",
  },
  {
    name: "a key is taken away whose tokens are good",
    change: ["const VERIFIES_AFTER_MS = 24 * HOUR_MS;", "const VERIFIES_AFTER_MS = -1;"],
    dies: KEYS,
    by: "lets the tokens of the old key live to their end, in an isolate that has seen it and in a new one",
  },
  {
    name: "a key signs before the world knows it",
    change: ["if (!due || !published) return { rotated: 0 };", "if (!due) return { rotated: 0 };"],
    dies: KEYS,
    by: "waits until the next key has been published for a day",
  },
  {
    name: "a key signs for ever",
    change: [
      "const due = ctx.now() - (current.currentSince ?? 0) >= KEY_LIFE_MS;",
      "const due = false;",
    ],
    dies: KEYS,
    by: "comes after thirty days: what was published signs, and another is published",
  },
  {
    name: "two rotations at once fail",
    change: [`if (refusedBy(error, "signing_keys.status")) return { rotated: 0 };`, ""],
    dies: KEYS,
    by: "happens once when two crons run it at once, and neither fails",
  },
  {
    name: "two isolates at once fail at the first keys",
    change: [`if (!refusedBy(error, "signing_keys.status")) throw error;`, "throw error;"],
    dies: KEYS,
    by: "are the same for isolates that make them at once",
  },
  {
    name: "a new key is known after five minutes only",
    change: ["(unknownKid ? MIN_RELOAD_MS : RELOAD_MS)", "RELOAD_MS"],
    dies: KEYS,
    by: "is found by an isolate that read its keys before there was such a one",
  },
];

/** What a password may be. */
const RULES: readonly Mutant[] = [
  {
    name: "a password of eleven characters",
    change: ["const MIN_PASSWORD_CHARS = 12;", "const MIN_PASSWORD_CHARS = 11;"],
    in: "passwords/",
    dies: PASSWORDS,
    by: "is 12 to 128 characters",
  },
  {
    name: "a password of 129 characters",
    change: ["  .refine((text) => chars(text) <= MAX_PASSWORD_CHARS, tooLong)\n", ""],
    dies: PASSWORDS,
    by: "is 12 to 128 characters",
  },
  {
    name: "a common password",
    change: ["    [plain, core, once].some(", "    [].some("],
    dies: PASSWORDS,
    by: "is refused in capitals, in wide letters, said twice, or as a row of keys",
  },
  {
    name: "a password of one row of keys",
    change: ["|| isMonotonous(plain)", ""],
    dies: PASSWORDS,
    by: "is refused in capitals, in wide letters, said twice, or as a row of keys",
  },
  {
    name: "a password is another one on another keyboard",
    change: [`return password.normalize("NFKC");`, "return password;"],
    dies: PASSWORDS,
    by: "is the same password however a keyboard composes it",
  },
  {
    name: "the end of a password does not count",
    change: [`return text.padEnd(encoder.encode(text).length, "\\0");`, "return text;"],
    dies: PASSWORDS,
    by: "counts to its last letter",
  },
  {
    name: "a weak hash stays weak",
    change: ["outdated: right && !hash.startsWith(PHC_PREFIX)", "outdated: false"],
    dies: PASSWORDS,
    by: "with weaker parameters still signs in, and is stronger afterwards",
  },
  {
    name: "a password is hashed with less memory",
    change: ["memoryCost: 19 * 1024,", "memoryCost: 8 * 1024,"],
    dies: PASSWORDS,
    by: "is an Argon2id hash in PHC format with OWASP's parameters, and different each time",
  },
];

/** Signing in, sessions, links, tokens and passwords. */
export const SIGN_IN: readonly Mutant[] = [
  ...OPEN,
  ...TOKENS,
  ...COOKIES,
  ...LINKS,
  ...SIGNATURES,
  ...RULES,
];
