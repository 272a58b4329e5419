import { sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import type { Outcome } from "./post.ts";

export interface Waiting {
  readonly id: string;
  readonly tries: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
  readonly payload: string | null;
  readonly createdAt: number;
  readonly endpointId: string;
  readonly url: string;
  readonly quietUntil: number | null;
  /** Sealed, as JSON: the current one first. */
  readonly secrets: string;
}

/** A delivery that waits, of an endpoint that is sent to, with its event and the secrets that are good at this time. */
export function findWaiting(id: string, now: number) {
  return query.all<Waiting>(sql`
    SELECT d.id, d.tries, e.id AS "eventId", e.type, e.subject, e.sequence, e.payload, e.created_at AS "createdAt",
      w.id AS "endpointId", w.url, w.quiet_until AS "quietUntil", (
        SELECT json_group_array(sealed) FROM (SELECT sealed FROM webhook_secrets
          WHERE endpoint_id = w.id AND (until IS NULL OR until > ${now}) ORDER BY until IS NOT NULL, created_at DESC)) AS secrets
    FROM webhook_deliveries d
    JOIN outgoing_events e ON e.id = d.event_id
    JOIN webhook_endpoints w ON w.id = d.endpoint_id
    WHERE d.id = ${id} AND d.status = 'pending' AND w.status = 'active'`);
}

/** What an event says. */
export interface Message {
  readonly text: string;
  /** Of the order that it is about, as it was read; null for what is about none. */
  readonly version: number | null;
}

/**
 * Keeps what an event says, the first time; after it, what is kept is what is sent. Not where its order was of somebody
 * who was forgotten since it was read, in this version.
 */
export function keepPayload(eventId: string, { text, version }: Message) {
  return query.run(sql`
    UPDATE outgoing_events SET payload = ${text} WHERE id = ${eventId} AND payload IS NULL AND NOT EXISTS (
      SELECT 1 FROM order_events e WHERE e.order_id = outgoing_events.subject AND e.seq > ${version} AND e.type = 'customer.deleted')`);
}

export function findPayload(eventId: string) {
  return query.all<{ payload: string | null }>(
    sql`SELECT payload FROM outgoing_events WHERE id = ${eventId}`,
  );
}

export interface Attempt extends Outcome {
  readonly deliveryId: string;
  readonly latencyMs: number;
  readonly now: number;
}

/** A line of the log. */
export function insertAttempt({ deliveryId, status, error, latencyMs, now }: Attempt) {
  return query.run(sql`
    INSERT INTO delivery_attempts (delivery_id, number, status, error, latency_ms, created_at)
    SELECT id, attempts + 1, ${status}, ${error}, ${latencyMs}, ${now} FROM webhook_deliveries WHERE id = ${deliveryId}`);
}

/** Counts it, right after its line. */
export function countAttempt({ deliveryId }: Attempt) {
  return query.run(
    sql`UPDATE webhook_deliveries SET attempts = attempts + 1 WHERE id = ${deliveryId}`,
  );
}

/** It was taken. Another copy of the message that fails meanwhile changes nothing of that. */
export function markDelivered({ deliveryId, now }: Attempt) {
  return query.run(sql`
    UPDATE webhook_deliveries SET status = 'delivered', tries = 0, wake_at = NULL, done_at = ${now}
    WHERE id = ${deliveryId} AND status = 'pending'`);
}

/** It was not taken: due again then, or given up. */
export function markFailed({ deliveryId, now }: Attempt, wakeAt: number | undefined) {
  return wakeAt === undefined
    ? query.run(sql`
        UPDATE webhook_deliveries SET status = 'failed', tries = tries + 1, wake_at = NULL, done_at = ${now}
        WHERE id = ${deliveryId} AND status = 'pending'`)
    : query.run(sql`
        UPDATE webhook_deliveries SET tries = tries + 1, wake_at = ${wakeAt}
        WHERE id = ${deliveryId} AND status = 'pending'`);
}

/** The endpoint works. */
export function markHealthy(endpointId: string) {
  return query.run(sql`
    UPDATE webhook_endpoints SET failing_since = NULL, failed_at = NULL, quiet_until = NULL
    WHERE id = ${endpointId} AND (failing_since IS NOT NULL OR quiet_until IS NOT NULL)`);
}

/** It fails; `quietUntil` is until when it is left alone, null where it answers. */
export function markFailing(endpointId: string, now: number, quietUntil: number | null) {
  return query.run(sql`
    UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, ${now}), failed_at = ${now}, quiet_until = ${quietUntil}
    WHERE id = ${endpointId}`);
}
