import { type SQL, sql } from "drizzle-orm";
import { countRows, olderThan, query, timestampText } from "../../platform/db.ts";
import { UNREADABLE } from "../../platform/jobs/store.ts";

const MAX_PAYLOAD_CHARS = 4000;

export interface DeadLetterRow {
  readonly id: string;
  readonly kind: "outbox" | "message";
  readonly topic: string;
  readonly attempts: number | null;
  readonly lastError: string | null;
  readonly payload: string;
  readonly requestId: string | null;
  readonly createdAt: number;
}

export interface DeadLetterFilter {
  readonly kind?: DeadLetterRow["kind"] | undefined;
}

const deadPromises = sql`FROM outbox WHERE status = 'dead'`;
/** The message of an event or a promise is not one: its row is what died, and says so. */
const unreadable = sql`FROM dead_letters WHERE reason = ${UNREADABLE}`;

/** Dead promises and unreadable messages, newest first: as many of each as a page has, and then the page. */
export function listDeadLetters(
  filter: DeadLetterFilter,
  after: readonly [number, string] | undefined,
  limit: number,
) {
  const page = (id: SQL) => {
    const older = olderThan(sql`created_at`, id, after);
    return sql`${older === undefined ? sql`` : sql`AND ${older}`} ORDER BY created_at DESC, ${id} DESC LIMIT ${limit}`;
  };
  const promises = sql`SELECT * FROM (SELECT id, 'outbox' AS kind, topic, attempts, last_error AS lastError,
    substr(payload, 1, ${MAX_PAYLOAD_CHARS}) AS payload, request_id AS requestId, created_at AS createdAt
    ${deadPromises} ${page(sql`id`)})`;
  const messages = sql`SELECT * FROM (SELECT message_id AS id, 'message' AS kind, queue AS topic, NULL AS attempts,
    reason AS lastError, substr(body, 1, ${MAX_PAYLOAD_CHARS}) AS payload, request_id AS requestId,
    created_at AS createdAt ${unreadable} ${page(sql`message_id`)})`;
  const wanted = { outbox: promises, message: messages };
  const all = sql`${promises} UNION ALL ${messages}`;
  return query.all<DeadLetterRow>(sql`
    SELECT * FROM (${filter.kind === undefined ? all : wanted[filter.kind]})
    ORDER BY createdAt DESC, id DESC LIMIT ${limit}`);
}

export function countDeadLetters(filter: DeadLetterFilter) {
  const promises = sql`SELECT id ${deadPromises}`;
  const messages = sql`SELECT message_id ${unreadable}`;
  const wanted = { outbox: promises, message: messages };
  const all = sql`${promises} UNION ALL ${messages}`;
  return countRows(sql`(${filter.kind === undefined ? all : wanted[filter.kind]})`);
}

/** For an audit line: the id of a promise that is dead, and NULL for anything else. */
export function idOfDeadPromise(id: string): SQL<string> {
  return sql<string>`(SELECT id ${deadPromises} AND id = ${id})`;
}

/** Makes a dead promise due again. How often it was tried, and at what it failed last, stays. */
export function revivePromise(id: string, wakeAt: number) {
  return query.run(sql`
    UPDATE outbox SET status = 'pending', wake_at = CAST(${wakeAt} AS INTEGER) WHERE id = ${id} AND status = 'dead'`);
}

/** A row when there is a promise or a message of this id, dead or not. */
export function findLetter(id: string) {
  return query.all<{ id: string }>(sql`
    SELECT id FROM outbox WHERE id = ${id} UNION ALL SELECT message_id FROM dead_letters WHERE message_id = ${id}`);
}

/** A revived promise as `presentDeadLetter` shows it. */
export function revivedJson(id: string): SQL<string> {
  return sql<string>`(SELECT json_object('id', id, 'kind', 'outbox', 'status', status, 'topic', topic,
    'attempts', attempts, 'lastError', last_error, 'payload', substr(payload, 1, ${MAX_PAYLOAD_CHARS}),
    'requestId', request_id, 'createdAt', ${timestampText(sql`created_at`)})
    FROM outbox WHERE id = ${id})`;
}
