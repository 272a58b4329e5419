import { and, eq, inArray, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import { query } from "../db.ts";
import { KEY_LIFE_MS, type KeyUse } from "./key-use.ts";
import { idempotencyKeys } from "./schema.ts";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;

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

const textList = (texts: readonly (string | null)[]) =>
  sql`(SELECT value FROM json_each(${JSON.stringify(texts.filter((text) => text !== null))}))`;

/** The row of this very use, whichever of the shop's secrets it was written down with. */
const same = ({ caller, marks }: KeyUse) =>
  and(
    eq(idempotencyKeys.caller, caller),
    inArray(
      idempotencyKeys.key,
      marks.map(({ key }) => key),
    ),
  );

/** That a guest's key stands for something at their network. */
const sameNetwork = ({ marks }: KeyUse) =>
  sql`${idempotencyKeys.network} IN ${textList(marks.map(({ network }) => network))}`;

/** The plus keeps SQLite from walking all keys that live to find one of them. */
const live = (now: number) => sql`+${idempotencyKeys.expiresAt} > ${now}`;

/** NULL, which `request_hash` refuses, where a row of a guest that lives has the key already. */
function unlessTaken({ marks: [mark, ...earlier], ...use }: KeyUse, now: number): SQL {
  if (mark.network === null) return sql`${mark.requestHash}`;
  const byNetwork = sameNetwork({ ...use, marks: [mark, ...earlier] });
  const byEarlier = sql`caller = ${use.caller} AND key IN ${textList(earlier.map(({ key }) => key))}`;
  return sql`CASE
    WHEN EXISTS (SELECT 1 FROM idempotency_keys WHERE ${byNetwork} AND ${live(now)}) THEN NULL
    WHEN EXISTS (SELECT 1 FROM idempotency_keys WHERE ${byEarlier} AND ${live(now)}) THEN NULL
    ELSE ${mark.requestHash} END`;
}

/** Keeps the value where the row's life is over, and is NULL, which `request_hash` refuses, where it is not. */
const ofNewUse = sql`iif(expires_at <= excluded.created_at, excluded.request_hash, NULL)`;

/** What is written down of a use as it begins. */
export type Claim = Partial<
  Pick<IdempotencyRow, "subject" | "status" | "headers" | "body" | "lockedUntil">
>;

/**
 * The first use of a key, or the first one after its life: that of a row which the purge has not come to yet is
 * overwritten. Refused as `KEY_TAKEN` while the key lives.
 */
export function insertKey(use: KeyUse, now: number, claim: Claim = {}) {
  const [{ key, network }] = use.marks;
  return query
    .insert(idempotencyKeys)
    .values({
      ...{ caller: use.caller, key, network, requestHash: unlessTaken(use, now) },
      ...claim,
      ...{ createdAt: now, expiresAt: now + KEY_LIFE_MS },
    })
    .onConflictDoUpdate({
      target: [idempotencyKeys.caller, idempotencyKeys.key],
      set: {
        network: sql`excluded.network`,
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

/** What a use runs into: the first time it was sent, or what else a guest's key stands for at their network. */
export function findKey(use: KeyUse, now: number) {
  const met = use.marks[0].network === null ? same(use) : or(same(use), sameNetwork(use));
  return query
    .select()
    .from(idempotencyKeys)
    .where(and(met, live(now)))
    .orderBy(sql`${same(use)} DESC`)
    .limit(1);
}

/** What a key's first request made, for a statement that finds it in the same round trip. */
export function subjectOfKey(use: KeyUse): SQL {
  return sql`(SELECT subject FROM idempotency_keys WHERE ${same(use)} ORDER BY created_at DESC LIMIT 1)`;
}

/** Takes over a key whose first request has died; returns its row when that succeeded. */
export function takeOverKey(use: KeyUse, now: number, lockedUntil: number) {
  return query
    .update(idempotencyKeys)
    .set({ lockedUntil })
    .where(and(same(use), isNull(idempotencyKeys.status), lte(idempotencyKeys.lockedUntil, now)))
    .returning();
}

/** Writes down the answer that every later use of the key gets, if `provided` holds. The first answer stays. */
export function storeAnswer(use: KeyUse, status: number, body: string | JsonText, provided?: SQL) {
  return query
    .update(idempotencyKeys)
    .set({ status, body, lockedUntil: null })
    .where(and(same(use), isNull(idempotencyKeys.status), provided));
}

/** Lets the next try in at once, after a failure that is not the client's. */
export function unlockKey(use: KeyUse, now: number) {
  return query
    .update(idempotencyKeys)
    .set({ lockedUntil: now })
    .where(and(same(use), isNull(idempotencyKeys.status)));
}

/** Forgets the keys whose life is over, the oldest first; a row for each. */
export function purgeKeys(now: number, limit: number) {
  return query.all<{ gone: number }>(sql`
    DELETE FROM idempotency_keys WHERE rowid IN (
      SELECT rowid FROM idempotency_keys WHERE expires_at <= ${now} ORDER BY expires_at LIMIT ${limit})
    RETURNING 1 AS gone`);
}
