import { and, isNull, lte, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { query } from "../db.ts";
import { type Holes, perShape, prepared } from "../prepared.ts";
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

/** By what a use is found: what the shop's secret makes of it, and the secret before, which is the same where there is none. */
interface Marked {
  readonly caller: string;
  readonly key: string;
  readonly earlierKey: string;
  /** Null for everybody but guests. */
  readonly network: string | null;
  readonly earlierNetwork: string | null;
}

function markedBy({ caller, marks: [mark, earlier = mark] }: KeyUse): Marked {
  const { key, network } = mark;
  return { caller, key, earlierKey: earlier.key, network, earlierNetwork: earlier.network };
}

const isGuest = ({ marks: [mark] }: KeyUse) => mark.network !== null;

/** Values, or the holes for them. */
type Either<V> = Readonly<Record<keyof V, unknown>>;

/** The row of this very use, whichever of the shop's secrets it was written down with. */
const same = (p: Either<Marked>) =>
  sql`${idempotencyKeys.caller} = ${p.caller} AND ${idempotencyKeys.key} IN (${p.key}, ${p.earlierKey})`;

/** That a guest's key stands for something at their network. */
const sameNetwork = (p: Holes<Marked>) =>
  sql`${idempotencyKeys.network} IN (${p.network}, ${p.earlierNetwork})`;

/** The plus keeps SQLite from walking all keys that live to find one of them. */
const live = (now: SQLWrapper) => sql`+${idempotencyKeys.expiresAt} > ${now}`;

/** NULL, which `request_hash` refuses, where a row of a guest that lives has the key already. */
const unlessTaken = (p: Holes<Marked & NewKey>) => sql`CASE
    WHEN EXISTS (SELECT 1 FROM idempotency_keys WHERE ${sameNetwork(p)} AND ${live(p.now)}) THEN NULL
    WHEN EXISTS (SELECT 1 FROM idempotency_keys WHERE caller = ${p.caller} AND key = ${p.earlierKey} AND ${live(p.now)}) THEN NULL
    ELSE ${p.requestHash} END`;

/** Keeps the value where the row's life is over, and is NULL, which `request_hash` refuses, where it is not. */
const ofNewUse = sql`iif(expires_at <= excluded.created_at, excluded.request_hash, NULL)`;

/** What is written down of a use as it begins. */
export type Claim = Partial<
  Pick<IdempotencyRow, "subject" | "status" | "headers" | "body" | "lockedUntil">
>;

interface NewKey extends Required<Claim> {
  readonly requestHash: string;
  readonly now: number;
  readonly expiresAt: number;
}

const claims = perShape((guest: boolean) =>
  prepared((p: Holes<Marked & NewKey>) =>
    query
      .insert(idempotencyKeys)
      .values({
        ...{ caller: p.caller, key: p.key, network: p.network },
        requestHash: guest ? unlessTaken(p) : p.requestHash,
        ...{ subject: p.subject, status: p.status, headers: p.headers, body: p.body },
        ...{ lockedUntil: p.lockedUntil, createdAt: p.now, expiresAt: p.expiresAt },
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
      }),
  ),
);

/**
 * The first use of a key, or the first one after its life: that of a row which the purge has not come to yet is
 * overwritten. Refused as `KEY_TAKEN` while the key lives.
 */
export function insertKey(use: KeyUse, now: number, claim: Claim = {}) {
  const { subject = null, status = null, headers = null, body = null, lockedUntil = null } = claim;
  const [{ requestHash }] = use.marks;
  const marked = { ...markedBy(use), requestHash, now, expiresAt: now + KEY_LIFE_MS };
  return claims(isGuest(use))({ ...marked, subject, status, headers, body, lockedUntil });
}

const meetings = perShape((guest: boolean) =>
  prepared((p: Holes<Marked & { now: number }>) =>
    query
      .select()
      .from(idempotencyKeys)
      .where(and(guest ? or(same(p), sameNetwork(p)) : same(p), live(p.now)))
      .orderBy(sql`(${same(p)}) DESC`)
      .limit(1),
  ),
);

/** What a use runs into: the first time it was sent, or what else a guest's key stands for at their network. */
export function findKey(use: KeyUse, now: number) {
  return meetings(isGuest(use))({ ...markedBy(use), now });
}

/** What a key's first request made, for a statement that finds it in the same round trip. */
export function subjectOfKey(use: KeyUse): SQL {
  return sql`(SELECT subject FROM idempotency_keys WHERE ${same(markedBy(use))} ORDER BY created_at DESC LIMIT 1)`;
}

/** Takes over a key whose first request has died; returns its row when that succeeded. */
export function takeOverKey(use: KeyUse, now: number, lockedUntil: number) {
  return query
    .update(idempotencyKeys)
    .set({ lockedUntil })
    .where(
      and(
        same(markedBy(use)),
        isNull(idempotencyKeys.status),
        lte(idempotencyKeys.lockedUntil, now),
      ),
    )
    .returning();
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const answering = (p: Either<Marked & Answer>, provided?: SQL) =>
  query
    .update(idempotencyKeys)
    .set({ status: sql`${p.status}`, body: sql`${p.body}`, lockedUntil: null })
    .where(and(same(p), isNull(idempotencyKeys.status), provided));

const plainAnswer = prepared((p: Holes<Marked & Answer>) => answering(p));

/** Writes down the answer that every later use of the key gets, if `provided` holds. The first answer stays. */
export function storeAnswer(use: KeyUse, status: number, body: string | JsonText, provided?: SQL) {
  if (typeof body === "string" && provided === undefined)
    return plainAnswer({ ...markedBy(use), status, body });
  return answering({ ...markedBy(use), status, body }, provided);
}

/** The same, prepared, for an answer whose condition is about one row. */
export function answerProvided(condition: (id: SQLWrapper) => SQL) {
  const answer = prepared((p: Holes<Marked & Answer & { subject: string }>) =>
    answering(p, condition(p.subject)),
  );
  return (use: KeyUse, given: Answer & { readonly subject: string }) =>
    answer({ ...markedBy(use), ...given });
}

/** Lets the next try in at once, after a failure that is not the client's. */
export function unlockKey(use: KeyUse, now: number) {
  return query
    .update(idempotencyKeys)
    .set({ lockedUntil: now })
    .where(and(same(markedBy(use)), isNull(idempotencyKeys.status)));
}

/** Forgets the keys whose life is over, the oldest first; a row for each. */
export function purgeKeys(now: number, limit: number) {
  return query.all<{ gone: number }>(sql`
    DELETE FROM idempotency_keys WHERE rowid IN (
      SELECT rowid FROM idempotency_keys WHERE expires_at <= ${now} ORDER BY expires_at LIMIT ${limit})
    RETURNING 1 AS gone`);
}
