import { and, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { emailTokens, users } from "../schema.ts";
import { endSessions } from "../sessions/store.ts";

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
  return query.all<{
    email: string;
    name: string;
    verifiedAt: number | null;
    purpose: LinkPurpose;
  }>(sql`
    SELECT u.email, u.name, u.email_verified_at AS verifiedAt, t.purpose FROM email_tokens t JOIN users u ON u.id = t.user_id WHERE t.id = ${id}`);
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

/** The user of a link. */
export const ownerOfLink = (tokenId: string, purpose: LinkPurpose) =>
  sql<string>`(SELECT user_id FROM email_tokens WHERE id = ${tokenId} AND purpose = ${purpose})`;

/** The same of a link that has to be this user's. */
const ownLink = (tokenId: string, purpose: LinkPurpose, userId: string) =>
  sql<string>`(
    SELECT user_id FROM email_tokens WHERE id = ${tokenId} AND purpose = ${purpose} AND user_id = ${userId})`;

/** What refuses a link that is not there, or another's. */
export const NO_SUCH_LINK = "email_tokens.user_id";

interface UsedLink {
  readonly id: string;
  readonly purpose: LinkPurpose;
  /** Whose it has to be; anybody's where it proves by itself who has it. */
  readonly userId?: string;
  readonly now: number;
}

/**
 * Uses a link up. A trigger refuses one that was used or is over; an UPDATE would pass over one that is not there, so
 * this inserts it, which finds it there or fails as `NO_SUCH_LINK` for want of a user.
 */
export function useEmailToken({ id, purpose, userId, now }: UsedLink) {
  const owner = userId === undefined ? ownerOfLink(id, purpose) : ownLink(id, purpose, userId);
  return query.run(sql`
    INSERT INTO email_tokens (id, user_id, purpose, created_at, expires_at)
    VALUES (${id}, ${owner}, ${purpose}, ${now}, ${now})
    ON CONFLICT (id) DO UPDATE SET used_at = ${now}`);
}

/** Whether there is such a link, whoever's. */
export function findLink(id: string, purpose: LinkPurpose) {
  return query
    .select({ id: emailTokens.id })
    .from(emailTokens)
    .where(and(eq(emailTokens.id, id), eq(emailTokens.purpose, purpose)))
    .limit(1);
}

/** Whose mailed link to a new password this is, if nobody has proved to be at their address yet. */
const unproved = (tokenId: string) => sql`(
  SELECT u.id FROM email_tokens t JOIN users u ON u.id = t.user_id
  WHERE t.id = ${tokenId} AND t.purpose = 'reset' AND t.secret_hash IS NULL AND u.email_verified_at IS NULL)`;

const beforeTheAt = sql`substr(email, 1, instr(email, '@') - 1)`;

/**
 * Whoever has registered an address need not be at it, and its owner takes the account over by a mailed link: nothing
 * goes on there under a name that somebody else has written. To run before the address counts as proved.
 */
export function forgetUnprovedNames(tokenId: string, now: number) {
  return [
    query.run(sql`
      UPDATE accounts SET name = (SELECT ${beforeTheAt} FROM users WHERE id = ${unproved(tokenId)})
      WHERE id = (SELECT account_id FROM users WHERE id = ${unproved(tokenId)})
        AND (SELECT count(*) FROM users WHERE account_id = accounts.id) = 1`),
    query
      .update(users)
      .set({ name: beforeTheAt, updatedAt: now })
      .where(sql`${users.id} = ${unproved(tokenId)}`),
  ];
}

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

/** The account and the verified address of a link's user. */
export function findTokenOwner(tokenId: string) {
  return query.all<{ accountId: string; email: string }>(sql`
    SELECT u.account_id AS accountId, u.email FROM email_tokens t JOIN users u ON u.id = t.user_id
    WHERE t.id = ${tokenId} AND u.email_verified_at IS NOT NULL`);
}
