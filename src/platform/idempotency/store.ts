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

/** The columns that a second use of a key runs into. */
export const KEY_TAKEN = "idempotency_keys.caller, idempotency_keys.key";

const same = ({ caller, key }: KeyId) =>
  and(eq(idempotencyKeys.caller, caller), eq(idempotencyKeys.key, key));

export function insertKey(row: typeof idempotencyKeys.$inferInsert) {
  return query.insert(idempotencyKeys).values(row);
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

/** Forgets the keys whose time is over. */
export function purgeKeys(now: number, limit: number) {
  return query.all<{ key: string }>(sql`
    DELETE FROM idempotency_keys WHERE rowid IN (
      SELECT rowid FROM idempotency_keys WHERE expires_at <= ${now} ORDER BY expires_at LIMIT ${limit}) RETURNING key`);
}
