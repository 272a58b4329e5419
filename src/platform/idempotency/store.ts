import { and, eq, isNull, lte, type SQL, sql } from "drizzle-orm";
import { query } from "../db.ts";
import { idempotencyKeys } from "./schema.ts";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;
export type KeyId = Pick<IdempotencyRow, "caller" | "key">;

/** JSON that the database makes, after the statements before it in the batch. */
export type JsonText = SQL<string>;

/** An answer's body around `data` that the database makes. */
export function answerText(data: JsonText): JsonText {
  return sql<string>`json_object('data', json(${data}))`;
}

export function selectAnswer(text: JsonText) {
  return query.all<{ body: string }>(sql`SELECT ${text} AS body`);
}

/** The column that a second use of a key within its life is refused by. */
export const KEY_TAKEN = "idempotency_keys.request_hash";

const same = ({ caller, key }: KeyId) =>
  and(eq(idempotencyKeys.caller, caller), eq(idempotencyKeys.key, key));

/** Keeps the value where the row's life is over, and is NULL, which `request_hash` refuses, where it is not. */
const ofNewUse = sql`iif(expires_at <= excluded.created_at, excluded.request_hash, NULL)`;

/**
 * The first use of a key, or the first one after its life: that of a row which the purge has not come to yet is
 * overwritten. Refused as `KEY_TAKEN` while the key lives.
 */
export function insertKey(row: typeof idempotencyKeys.$inferInsert) {
  return query
    .insert(idempotencyKeys)
    .values(row)
    .onConflictDoUpdate({
      target: [idempotencyKeys.caller, idempotencyKeys.key],
      set: {
        requestHash: ofNewUse,
        subject: sql`excluded.subject`,
        status: sql`excluded.status`,
        headers: sql`excluded.headers`,
        body: sql`excluded.body`,
        lockedUntil: sql`excluded.locked_until`,
        createdAt: sql`excluded.created_at`,
        expiresAt: sql`excluded.expires_at`,
      },
    });
}

export function findKey(id: KeyId) {
  return query.select().from(idempotencyKeys).where(same(id)).limit(1);
}

/** What a key's first request made, for a statement that finds it in the same round trip. */
export function subjectOfKey({ caller, key }: KeyId): SQL {
  return sql`(SELECT subject FROM idempotency_keys WHERE caller = ${caller} AND key = ${key})`;
}

/** Takes over a key whose first request has died; returns its row when that succeeded. */
export function takeOverKey(id: KeyId, now: number, lockedUntil: number) {
  return query
    .update(idempotencyKeys)
    .set({ lockedUntil })
    .where(and(same(id), isNull(idempotencyKeys.status), lte(idempotencyKeys.lockedUntil, now)))
    .returning();
}

/** Writes down the answer that every later use of the key gets, if `provided` holds. The first answer stays. */
export function storeAnswer(id: KeyId, status: number, body: string | JsonText, provided?: SQL) {
  return query
    .update(idempotencyKeys)
    .set({ status, body, lockedUntil: null })
    .where(and(same(id), isNull(idempotencyKeys.status), provided));
}

/** Lets the next try in at once, after a failure that is not the client's. */
export function unlockKey(id: KeyId, now: number) {
  return query
    .update(idempotencyKeys)
    .set({ lockedUntil: now })
    .where(and(same(id), isNull(idempotencyKeys.status)));
}

/** Forgets the keys whose life is over, the oldest first; a row for each. */
export function purgeKeys(now: number, limit: number) {
  return query.all<{ gone: number }>(sql`
    DELETE FROM idempotency_keys WHERE rowid IN (
      SELECT rowid FROM idempotency_keys WHERE expires_at <= ${now} ORDER BY expires_at LIMIT ${limit})
    RETURNING 1 AS gone`);
}
