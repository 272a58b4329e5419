import { and, desc, eq, getTableColumns, gt, isNull, lte, ne, type SQL, sql } from "drizzle-orm";
import { query } from "../platform/db.ts";
import {
  accounts,
  apiKeys,
  emailTokens,
  sessionSecrets,
  sessions,
  signingKeys,
  users,
} from "./schema.ts";

/** From so many sign-ins back a network is known. */
const SIGN_INS_REMEMBERED = 50;

export type SigningKeyRow = typeof signingKeys.$inferSelect;
export type UserRow = typeof users.$inferSelect & { readonly accountName: string };
export type SessionRow = typeof sessions.$inferSelect;
export type ApiKeyRow = typeof apiKeys.$inferSelect;

export function listSigningKeys() {
  return query.select().from(signingKeys).orderBy(desc(signingKeys.createdAt)).limit(10);
}

export function insertSigningKey(row: typeof signingKeys.$inferInsert) {
  return query.insert(signingKeys).values(row);
}

/** The next key signs from now on; the unique indexes refuse a second rotation at the same time. */
export function promoteNextKey(currentKid: string, nextKid: string, now: number) {
  return [
    query
      .update(signingKeys)
      .set({ status: "retired", retiredAt: now })
      .where(and(eq(signingKeys.kid, currentKid), eq(signingKeys.status, "current"))),
    query
      .update(signingKeys)
      .set({ status: "current", currentSince: now })
      .where(and(eq(signingKeys.kid, nextKid), eq(signingKeys.status, "next"))),
  ];
}

export function removeRetiredKeys(retiredBefore: number) {
  return query
    .delete(signingKeys)
    .where(and(eq(signingKeys.status, "retired"), lte(signingKeys.retiredAt, retiredBefore)));
}

export function insertAccount(row: typeof accounts.$inferInsert) {
  return query.insert(accounts).values(row);
}

export function insertUser(row: typeof users.$inferInsert) {
  return query.insert(users).values(row);
}

const withAccount = {
  ...getTableColumns(users),
  accountName: sql<string>`(SELECT name FROM ${accounts} WHERE id = "users"."account_id")`.as(
    "account_name",
  ),
};

export function findUserByEmail(email: string) {
  return query.select(withAccount).from(users).where(eq(users.email, email)).limit(1);
}

export function findUser(id: string) {
  return query.select(withAccount).from(users).where(eq(users.id, id)).limit(1);
}

/** Whether this user has signed in with such a browser before. */
export function findKnownDevice(email: string, userAgent: string) {
  return query.all<{ known: number }>(sql`
    SELECT 1 AS known FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE u.email = ${email} AND s.user_agent = ${userAgent} LIMIT 1`);
}

/** Where this user has signed in from, the latest first. */
export function findSignInAddresses(email: string) {
  return query.all<{ address: string }>(sql`
    SELECT s.address FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE u.email = ${email} ORDER BY s.created_at DESC LIMIT ${SIGN_INS_REMEMBERED}`);
}

export type UserPatch = Partial<
  Pick<typeof users.$inferSelect, "name" | "passwordHash" | "role" | "disabledAt">
>;

export function updateUser(id: string, patch: UserPatch, now: number) {
  return query
    .update(users)
    .set({ ...patch, updatedAt: now })
    .where(eq(users.id, id));
}

/** The same as an admin; the last admin who can sign in stays one. Answers the id when it was changed. */
export function updateUserAsAdmin(id: string, patch: UserPatch, now: number) {
  const demotes = patch.role !== undefined && patch.role !== "admin";
  const disables = typeof patch.disabledAt === "number";
  const anotherAdmin = sql`(${users.role} <> 'admin' OR ${users.disabledAt} IS NOT NULL OR EXISTS (
    SELECT 1 FROM users other WHERE other.role = 'admin' AND other.disabled_at IS NULL AND other.id <> ${id}))`;
  return query
    .update(users)
    .set({ ...patch, updatedAt: now })
    .where(and(eq(users.id, id), demotes || disables ? anotherAdmin : undefined))
    .returning({ id: users.id });
}

export function listUsers(after: readonly [number, string] | undefined, limit: number) {
  return query
    .select(withAccount)
    .from(users)
    .where(
      after === undefined
        ? undefined
        : sql`(${users.createdAt}, ${users.id}) < (${after[0]}, ${after[1]})`,
    )
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit);
}

export function countUsers() {
  return query.select({ total: sql<number>`count(*)` }).from(users);
}

export function insertSession(row: typeof sessions.$inferInsert) {
  return query.insert(sessions).values(row);
}

export function insertSecret(
  row: Pick<typeof sessionSecrets.$inferInsert, "hash" | "sessionId" | "createdAt">,
) {
  return query.insert(sessionSecrets).values(row);
}

const live = (now: number): SQL | undefined =>
  and(isNull(sessions.endedAt), gt(sessions.expiresAt, now));

/** The session behind a secret with its user, whatever their state. */
export function findSessionBySecret(hash: string) {
  return query.all<{
    sessionId: string;
    kind: string;
    endedAt: number | null;
    expiresAt: number;
    spentAt: number | null;
    userId: string;
    disabledAt: number | null;
  }>(sql`
    SELECT s.id AS sessionId, s.kind, s.ended_at AS endedAt, s.expires_at AS expiresAt, t.spent_at AS spentAt,
      u.id AS userId, u.disabled_at AS disabledAt
    FROM session_secrets t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
    WHERE t.hash = ${hash}`);
}

/** The browser session behind a secret with its user, as long as both are good. */
export function findBrowserSession(hash: string, now: number) {
  return query.all<
    Pick<UserRow, "accountId" | "role" | "name" | "email" | "emailVerifiedAt"> & {
      userId: string;
      sessionId: string;
      lastUsedAt: number;
    }
  >(sql`
    SELECT s.id AS sessionId, s.last_used_at AS lastUsedAt, u.id AS userId, u.account_id AS accountId, u.role, u.name,
      u.email, u.email_verified_at AS emailVerifiedAt
    FROM session_secrets t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
    WHERE t.hash = ${hash} AND t.spent_at IS NULL AND s.kind = 'browser' AND s.ended_at IS NULL
      AND s.expires_at > ${now} AND u.disabled_at IS NULL`);
}

/** Spends a refresh token; the first use is the one that counts. */
export function spendSecret(hash: string, now: number) {
  return query
    .update(sessionSecrets)
    .set({ spentAt: now })
    .where(and(eq(sessionSecrets.hash, hash), isNull(sessionSecrets.spentAt)));
}

/** A session's next secret, if the session is still alive. Answers its session's id when it was made. */
export function insertNextSecret(hash: string, sessionId: string, now: number) {
  return query.all<{ sessionId: string }>(sql`
    INSERT INTO session_secrets (hash, session_id, created_at)
    SELECT ${hash}, id, ${now} FROM sessions WHERE id = ${sessionId} AND ended_at IS NULL AND expires_at > ${now}
    RETURNING session_id AS sessionId`);
}

export function touchSession(id: string, now: number) {
  return query.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.id, id));
}

export function listSessions(userId: string, now: number, limit: number) {
  return query
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), live(now)))
    .orderBy(desc(sessions.createdAt))
    .limit(limit);
}

/** The sessions that ended after `since`. */
export function listEndedSessions(since: number) {
  return query.all<{ id: string; endedAt: number }>(sql`
    SELECT id, ended_at AS endedAt FROM sessions WHERE ended_at > ${since}`);
}

/** Ends one session of a user; answers its id when it was alive. */
export function endSession(id: string, userId: string, by: string, now: number) {
  return query
    .update(sessions)
    .set({ endedAt: now, endedBy: by })
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId), live(now)))
    .returning({ id: sessions.id });
}

/** Ends all sessions of a user, right after a statement that has changed something. */
export function endSessionsIfChanged(userId: string, by: string, now: number) {
  return query
    .update(sessions)
    .set({ endedAt: now, endedBy: by })
    .where(and(eq(sessions.userId, userId), isNull(sessions.endedAt), sql`changes() > 0`));
}

/** Ends all sessions of a user but the one at hand. */
export function endSessions(userId: string | SQL, by: string, now: number, except = "") {
  return query
    .update(sessions)
    .set({ endedAt: now, endedBy: by })
    .where(
      and(sql`${sessions.userId} = ${userId}`, isNull(sessions.endedAt), ne(sessions.id, except)),
    );
}

/** A link for whoever has this address; nothing for nobody, in the same time. */
export function insertEmailTokenFor(row: {
  id: string;
  email: string;
  purpose: LinkPurpose;
  now: number;
  expiresAt: number;
}) {
  return query.run(sql`
    INSERT INTO email_tokens (id, user_id, purpose, created_at, expires_at)
    SELECT ${row.id}, id, ${row.purpose}, ${row.now}, ${row.expiresAt} FROM users
    WHERE email = ${row.email} AND disabled_at IS NULL`);
}

export function findEmailToken(id: string) {
  return query.all<{ email: string; name: string; purpose: LinkPurpose }>(sql`
    SELECT u.email, u.name, t.purpose FROM email_tokens t JOIN users u ON u.id = t.user_id WHERE t.id = ${id}`);
}

export type LinkPurpose = "verify" | "reset";

/** The link behind a random secret, whatever its state. */
export function findLinkBySecret(secretHash: string, purpose: LinkPurpose) {
  return query
    .select({ id: emailTokens.id })
    .from(emailTokens)
    .where(and(eq(emailTokens.secretHash, secretHash), eq(emailTokens.purpose, purpose)))
    .limit(1);
}

/** Makes every other link to a new password useless. */
export function voidResetLinks(userId: string | SQL, now: number) {
  return query
    .update(emailTokens)
    .set({ usedAt: now })
    .where(
      and(
        sql`${emailTokens.userId} = ${userId}`,
        eq(emailTokens.purpose, "reset"),
        isNull(emailTokens.usedAt),
        gt(emailTokens.expiresAt, now),
      ),
    );
}

/** Uses a link up; answers its user when it was good. The trigger refuses one that was used or is over. */
export function useEmailToken(id: string, purpose: LinkPurpose, now: number) {
  return query
    .update(emailTokens)
    .set({ usedAt: now })
    .where(and(eq(emailTokens.id, id), eq(emailTokens.purpose, purpose)))
    .returning({ userId: emailTokens.userId });
}

/** The user of a link. */
export const ownerOfLink = (tokenId: string, purpose: LinkPurpose) =>
  sql<string>`(SELECT user_id FROM email_tokens WHERE id = ${tokenId} AND purpose = ${purpose})`;

export function setPasswordByToken(tokenId: string, passwordHash: string, now: number) {
  return query
    .update(users)
    .set({
      passwordHash,
      updatedAt: now,
      emailVerifiedAt: sql`coalesce(${users.emailVerifiedAt}, ${now})`,
    })
    .where(sql`${users.id} = ${ownerOfLink(tokenId, "reset")}`);
}

export function endSessionsByToken(tokenId: string, now: number) {
  return endSessions(ownerOfLink(tokenId, "reset"), "password_reset", now);
}

export function verifyEmailByToken(tokenId: string, now: number) {
  return query
    .update(users)
    .set({ emailVerifiedAt: now, updatedAt: now })
    .where(
      and(sql`${users.id} = ${ownerOfLink(tokenId, "verify")}`, isNull(users.emailVerifiedAt)),
    );
}

export function insertApiKey(row: typeof apiKeys.$inferInsert) {
  return query.insert(apiKeys).values(row);
}

export function findApiKey(hash: string) {
  return query.select().from(apiKeys).where(eq(apiKeys.hash, hash)).limit(1);
}

export function listApiKeys(after: readonly [number, string] | undefined, limit: number) {
  return query
    .select()
    .from(apiKeys)
    .where(
      after === undefined
        ? undefined
        : sql`(${apiKeys.createdAt}, ${apiKeys.id}) < (${after[0]}, ${after[1]})`,
    )
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(limit);
}

export function countApiKeys() {
  return query.select({ total: sql<number>`count(*)` }).from(apiKeys);
}

export function revokeApiKey(id: string, now: number) {
  return query
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
}

export function touchApiKey(id: string, now: number) {
  return query.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id));
}

export function findSignIn(sessionId: string) {
  return query.all<{ email: string; name: string; userAgent: string; createdAt: number }>(sql`
    SELECT u.email, u.name, s.user_agent AS userAgent, s.created_at AS createdAt
    FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ${sessionId}`);
}

/** The account and the verified address of a link's user. */
export function findTokenOwner(tokenId: string) {
  return query.all<{ accountId: string; email: string }>(sql`
    SELECT u.account_id AS accountId, u.email FROM email_tokens t JOIN users u ON u.id = t.user_id
    WHERE t.id = ${tokenId} AND u.email_verified_at IS NOT NULL`);
}
