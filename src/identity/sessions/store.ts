import { and, desc, eq, gt, isNull, ne, type SQL, sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { sessionSecrets, sessions } from "../schema.ts";
import type { UserRow } from "../store.ts";

/** From so many sign-ins back a network is known. */
const SIGN_INS_REMEMBERED = 50;

export type SessionRow = typeof sessions.$inferSelect;

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

/** A session of a user who still has this password and is not disabled; without one, its first secret is refused. */
export function insertSession(
  row: Omit<typeof sessions.$inferInsert, "endedAt" | "endedBy">,
  passwordHash: string | null,
) {
  return query.run(sql`
    INSERT INTO sessions (id, user_id, kind, user_agent, address, created_at, last_used_at, expires_at)
    SELECT ${row.id}, id, ${row.kind}, ${row.userAgent}, ${row.address}, ${row.createdAt}, ${row.lastUsedAt}, ${row.expiresAt}
    FROM users WHERE id = ${row.userId} AND password_hash IS ${passwordHash} AND disabled_at IS NULL`);
}

export function insertSecret(
  row: Pick<typeof sessionSecrets.$inferInsert, "hash" | "sessionId" | "createdAt">,
) {
  return query.insert(sessionSecrets).values(row);
}

const live = (now: number): SQL | undefined =>
  and(isNull(sessions.endedAt), gt(sessions.expiresAt, now));

/** The session behind a secret, whatever its state. */
export function findSessionBySecret(hash: string) {
  return query.all<{
    sessionId: string;
    kind: string;
    endedAt: number | null;
    expiresAt: number;
    spentAt: number | null;
    userId: string;
  }>(sql`
    SELECT s.id AS sessionId, s.kind, s.ended_at AS endedAt, s.expires_at AS expiresAt, t.spent_at AS spentAt,
      s.user_id AS userId
    FROM session_secrets t JOIN sessions s ON s.id = t.session_id WHERE t.hash = ${hash}`);
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

/** What refuses another secret of a session that has ended. */
export const SESSION_OVER = "session_secrets.session_id";

/** A session's next secret. Refused as `SESSION_OVER` when the session is not alive any more. */
export function insertNextSecret(hash: string, sessionId: string, now: number) {
  return query.run(sql`
    INSERT INTO session_secrets (hash, session_id, created_at) VALUES (${hash},
      (SELECT id FROM sessions WHERE id = ${sessionId} AND ended_at IS NULL AND expires_at > ${now}), ${now})`);
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

export function findSignIn(sessionId: string) {
  return query.all<{
    email: string;
    name: string;
    verifiedAt: number | null;
    userAgent: string;
    createdAt: number;
  }>(sql`
    SELECT u.email, u.name, u.email_verified_at AS verifiedAt, s.user_agent AS userAgent, s.created_at AS createdAt
    FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ${sessionId}`);
}
