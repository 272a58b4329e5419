import { type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../platform/clock.ts";
import { among, query } from "../platform/db.ts";
import { UNREADABLE } from "../platform/jobs/store.ts";
import type { Kind } from "./policy.ts";

/** Something that is gone: a row for each. */
type Gone = { readonly gone: number };

/** Before when something of this kind must be over to go, by the database's own clock. */
const until = (kind: Kind) => sql`(SELECT until FROM retention_due WHERE what = ${kind})`;

/** Sets the database's clock: to now, or a day on where it is farther behind. At its first time, to now. */
export function setRetentionClock(now: number) {
  return query.all<{ now: number }>(sql`
    UPDATE retention_clock SET now = iif(now = 0, ${now}, min(now + ${DAY_MS}, ${now})) WHERE id = 1 RETURNING now`);
}

function purge(table: SQL, key: SQL, due: SQL) {
  return query.all<Gone>(sql`DELETE FROM ${table} WHERE ${key} IN (${due}) RETURNING 1 AS gone`);
}

/** Their lines and their rows in the ledger go with them: the triggers take care. */
export function purgeHolds(limit: number) {
  return purge(
    sql`reservations`,
    sql`id`,
    sql`SELECT id FROM reservations INDEXED BY reservations_over
      WHERE ended_at IS NOT NULL AND order_id IS NULL AND ended_at <= ${until("holds")}
        AND status IN ('released', 'expired') AND NOT EXISTS (SELECT 1 FROM orders WHERE reservation_id = reservations.id)
      ORDER BY ended_at LIMIT ${limit}`,
  );
}

/** The same of their parts. One whose idempotency key is still to be forgotten waits for that. */
export function purgeOrders(limit: number) {
  return purge(
    sql`orders`,
    sql`id`,
    sql`SELECT o.id FROM orders o INDEXED BY orders_over_unpaid
      WHERE o.captured = 0 AND o.attention_reason IS NULL AND (o.status = 'expired' OR (o.status = 'canceled' AND o.total > 0))
        AND o.updated_at <= ${until("orders")}
        AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND (p.captured > 0 OR p.status IN ('processing', 'succeeded')))
        AND NOT EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.type = 'order.paid')
        AND NOT EXISTS (SELECT 1 FROM refunds WHERE order_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM disputes WHERE order_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM fulfillments WHERE order_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM discount_uses u WHERE u.order_id = o.id AND u.given_back_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM outbox
          WHERE dedupe_key IN ('payment_failed:' || o.id, 'order_canceled:' || o.id) AND status <> 'done')
        AND EXISTS (SELECT 1 FROM reservations r
          WHERE r.id = o.reservation_id AND r.status IN ('released', 'expired') AND r.ended_at <= ${until("holds")})
        AND NOT EXISTS (SELECT 1 FROM idempotency_keys WHERE expires_at <= ${until("orders")} + ${DAY_MS})
      ORDER BY o.updated_at LIMIT ${limit}`,
  );
}

export function purgePromises(limit: number) {
  return purge(
    sql`outbox`,
    sql`id`,
    sql`SELECT id FROM outbox x INDEXED BY outbox_newest
      WHERE x.status = 'done' AND x.created_at <= ${until("promises")} AND x.done_at <= ${until("promises")}
        AND x.dedupe_key NOT GLOB 'control_total:*' AND NOT (x.topic = 'refund' AND EXISTS (
          SELECT 1 FROM refunds WHERE id = substr(x.dedupe_key, 8) AND status = 'pending'))
      ORDER BY x.created_at LIMIT ${limit}`,
  );
}

/** Whether the reconciliation has read on past an event named `w`: it will not put it into the inbox again. */
const readPast = sql`NOT EXISTS (SELECT 1 FROM reconciliations c
  WHERE c.name = w.provider AND c.state ->> '$.events.readUntil' < w.received_at + ${DAY_MS})`;

export function purgeIgnoredEvents(limit: number) {
  return purge(
    sql`webhook_events`,
    sql`id`,
    sql`SELECT id FROM webhook_events w INDEXED BY webhook_events_by_status
      WHERE w.status = 'ignored' AND w.received_at <= ${until("ignored_events")} AND ${readPast}
      ORDER BY w.received_at LIMIT ${limit}`,
  );
}

/** Only those of which the archive has what was sent. */
export function purgeProcessedEvents(limit: number) {
  return purge(
    sql`webhook_events`,
    sql`id`,
    sql`SELECT id FROM webhook_events w INDEXED BY webhook_events_by_status
      WHERE w.status = 'processed' AND w.received_at <= ${until("processed_events")} AND w.payload = '' AND ${readPast}
      ORDER BY w.received_at LIMIT ${limit}`,
  );
}

export function purgeSessions(limit: number) {
  const over = (column: SQL) => sql`SELECT * FROM (
    SELECT id FROM sessions WHERE ${column} <= ${until("sessions")} ORDER BY ${column} LIMIT ${limit})`;
  return purge(
    sql`sessions`,
    sql`id`,
    sql`${over(sql`ended_at`)} UNION ${over(sql`expires_at`)} LIMIT ${limit}`,
  );
}

/** One whose mail, or what its use has promised, is still to be told stays for that. */
export function purgeEmailTokens(limit: number) {
  return purge(
    sql`email_tokens`,
    sql`id`,
    sql`SELECT id FROM email_tokens t WHERE t.expires_at <= ${until("email_tokens")} AND NOT EXISTS (
        SELECT 1 FROM outbox WHERE dedupe_key IN ('mail:' || t.id, 'email_verified:' || t.id) AND status <> 'done')
      ORDER BY t.expires_at LIMIT ${limit}`,
  );
}

export function purgeDeadLetters(limit: number) {
  return purge(
    sql`dead_letters`,
    sql`message_id`,
    sql`SELECT message_id FROM dead_letters d
      WHERE d.created_at <= ${until("dead_letters")} AND d.reason <> ${UNREADABLE}
        AND NOT EXISTS (SELECT 1 FROM webhook_events WHERE id = d.body ->> 'id' AND status = 'dead')
        AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = d.body ->> 'id' AND status = 'dead')
      ORDER BY d.created_at LIMIT ${limit}`,
  );
}

export function purgeUnreadableMessages(limit: number) {
  return purge(
    sql`dead_letters`,
    sql`message_id`,
    sql`SELECT message_id FROM dead_letters INDEXED BY dead_letters_by_reason
      WHERE reason = ${UNREADABLE} AND created_at <= ${until("unreadable_messages")} ORDER BY created_at LIMIT ${limit}`,
  );
}

/** Their deliveries, and the log of those, go with them. */
export function purgeOutgoingEvents(limit: number) {
  return purge(
    sql`outgoing_events`,
    sql`id`,
    sql`SELECT id FROM outgoing_events WHERE created_at <= ${until("outgoing_events")} ORDER BY created_at LIMIT ${limit}`,
  );
}

/** The lines of imports that have not cleaned up go with them. */
export function purgeCsvJobs(limit: number) {
  return purge(
    sql`csv_jobs`,
    sql`id`,
    sql`SELECT id FROM csv_jobs WHERE created_at <= ${until("csv_jobs")} ORDER BY created_at LIMIT ${limit}`,
  );
}

/** Before when a thing of this kind must be over to go. */
export function findUntil(kind: Kind) {
  return query.all<{ until: number }>(sql`SELECT ${until(kind)} AS until`);
}

/** Where a walk through the processed events is: behind this one. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

export interface OldEvent {
  readonly id: string;
  readonly provider: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly receivedAt: number;
  readonly processedAt: number | null;
  readonly payload: string;
}

const processedAfter = ({ at, id }: Place, kind: Kind) => sql`
  FROM webhook_events INDEXED BY webhook_events_by_status
  WHERE status = 'processed' AND (received_at, id) > (${at}, ${id}) AND received_at <= ${until(kind)}
  ORDER BY received_at, id`;

/** The next events that may be about orders that are gone, oldest first. */
export function oldEvents(after: Place, limit: number) {
  return query.all<Place>(
    sql`SELECT received_at AS at, id ${processedAfter(after, "unpaid_events")} LIMIT ${limit}`,
  );
}

/**
 * The next events to archive with what was sent, oldest first: up to this many, or the one with which it is so many
 * characters, and none behind `through`.
 */
export function eventsToArchive(
  after: Place,
  { limit, chars, through }: Record<"limit" | "chars", number> & { through: Place | null },
) {
  const end =
    through === null ? sql`` : sql`AND (received_at, id) <= (${through.at}, ${through.id})`;
  return query.all<OldEvent>(sql`
    SELECT id, provider, event_id AS "eventId", type, subject, received_at AS "receivedAt", processed_at AS "processedAt", payload
    FROM (SELECT *, sum(length(payload)) OVER (ORDER BY received_at, id) AS chars
      FROM (SELECT * ${processedAfter(after, "event_payloads")} LIMIT ${limit}))
    WHERE chars - length(payload) < ${chars} ${end} ORDER BY received_at, id`);
}

/** Marks the next unused pictures as leaving, also those of a run that is dead: since before this moment. */
export function markImages({ now, dead, limit }: Record<"now" | "dead" | "limit", number>) {
  return query.all<{ key: string }>(sql`
    UPDATE image_objects SET leaving_at = ${now} WHERE key IN (
      SELECT key FROM image_objects INDEXED BY image_objects_unused
      WHERE uses = 0 AND touched_at <= ${until("unused_images")} AND (leaving_at IS NULL OR leaving_at <= ${dead})
      ORDER BY touched_at LIMIT ${limit}) RETURNING key`);
}

/** What this run has marked. */
export function dropImages(keys: readonly string[], markedAt: number) {
  return query.all<Gone>(sql`
    DELETE FROM image_objects WHERE key IN ${among(keys)} AND leaving_at = ${markedAt} RETURNING 1 AS gone`);
}

/** Beside it a plus keeps SQLite from walking all events of a status to ask each whether it is one of them. */
/** Those of these events whose order is gone. */
export function purgeEventsOfNobody(ids: readonly string[]) {
  return purge(
    sql`webhook_events`,
    sql`id`,
    sql`SELECT id FROM webhook_events w WHERE w.id IN ${among(ids)} AND +w.status = 'processed' AND w.subject GLOB 'ord_*'
      AND NOT EXISTS (SELECT 1 FROM orders WHERE id = w.subject) AND ${readPast}`,
  );
}

/** What was sent, of these events: it is in the archive, or nobody wants it. */
export function dropPayloads(ids: readonly string[]) {
  return query.all<Gone>(sql`
    UPDATE webhook_events SET payload = ''
    WHERE id IN ${among(ids)} AND +status = 'processed' AND payload <> '' RETURNING 1 AS gone`);
}
