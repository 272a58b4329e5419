import { type SQL, sql } from "drizzle-orm";
import { among, countRows, olderThan, query, timestampText } from "../../platform/db.ts";
import { outgoingEvents } from "../schema.ts";

/** Of each delivery's log; a list shows no more. */
const ATTEMPTS_SHOWN = 20;

export interface DeliveryRow {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
  readonly status: "pending" | "delivered" | "failed";
  readonly wakeAt: number | null;
  /** JSON. */
  readonly attempts: string;
  readonly createdAt: number;
  readonly doneAt: number | null;
}

export interface DeliveryFilter {
  readonly endpointId: string;
  readonly status?: DeliveryRow["status"] | undefined;
}

/** Those of an endpoint that is there: what one that is gone has left, nobody is shown. */
const matching = ({ endpointId, status }: DeliveryFilter) => {
  const own = sql`d.endpoint_id = ${endpointId} AND EXISTS (SELECT 1 FROM webhook_endpoints WHERE id = ${endpointId})`;
  return status === undefined ? own : sql`${own} AND d.status = ${status}`;
};

const shown = sql`d.id, d.endpoint_id AS "endpointId", d.event_id AS "eventId", e.type, e.subject, e.sequence, d.status,
  d.wake_at AS "wakeAt", d.created_at AS "createdAt", d.done_at AS "doneAt", (
    SELECT json_group_array(json_object('at', created_at, 'status', status, 'latencyMs', latency_ms, 'error', error))
    FROM (SELECT * FROM delivery_attempts WHERE delivery_id = d.id ORDER BY number DESC LIMIT ${ATTEMPTS_SHOWN})) AS attempts`;

/** Deliveries of an endpoint with their log, newest first. */
export function listDeliveries(
  filter: DeliveryFilter,
  after: readonly [number, string] | undefined,
  limit: number,
) {
  const older = olderThan(sql`d.created_at`, sql`d.id`, after);
  return query.all<DeliveryRow>(sql`
    SELECT ${shown} FROM (SELECT * FROM webhook_deliveries d
      WHERE ${matching(filter)} ${older === undefined ? sql`` : sql`AND ${older}`}
      ORDER BY d.created_at DESC, d.id DESC LIMIT ${limit}) d
    CROSS JOIN outgoing_events e ON e.id = d.event_id
    ORDER BY d.created_at DESC, d.id DESC`);
}

export function countDeliveries(filter: DeliveryFilter) {
  return countRows(sql`webhook_deliveries d`, matching(filter));
}

/** A delivery as `presentDelivery` shows it. */
export function deliveryJson(id: string): SQL<string> {
  return sql<string>`(SELECT json_object('id', d.id, 'endpointId', d.endpoint_id, 'eventId', d.event_id, 'type', e.type,
    'subject', e.subject, 'sequence', e.sequence, 'status', d.status, 'nextAttemptAt', ${timestampText(sql`d.wake_at`)},
    'attempts', (SELECT json_group_array(json_object('at', ${timestampText(sql`created_at`)}, 'status', status,
      'latencyMs', latency_ms, 'error', error)) FROM (
        SELECT * FROM delivery_attempts WHERE delivery_id = d.id ORDER BY number DESC LIMIT ${ATTEMPTS_SHOWN})),
    'createdAt', ${timestampText(sql`d.created_at`)}, 'doneAt', ${timestampText(sql`d.done_at`)})
    FROM webhook_deliveries d JOIN outgoing_events e ON e.id = d.event_id WHERE d.id = ${id})`;
}

/** For an audit line: the id of a delivery whose endpoint is there, and NULL for any other. */
export function idOfDelivery(id: string): SQL<string> {
  return sql<string>`(SELECT d.id FROM webhook_deliveries d JOIN webhook_endpoints w ON w.id = d.endpoint_id WHERE d.id = ${id})`;
}

/** Due anew, with all its tries before it. */
export function reopenDelivery(id: string, wakeAt: number) {
  return query.run(sql`
    UPDATE webhook_deliveries SET status = 'pending', tries = 0, done_at = NULL, wake_at = ${wakeAt} WHERE id = ${id}`);
}

interface TestEvent {
  readonly id: string;
  readonly type: string;
  readonly endpointId: string;
  readonly requestId: string;
  readonly now: number;
}

/** An event of an endpoint's own, which nobody is subscribed to. */
export function insertTestEvent({ id, type, endpointId, requestId, now }: TestEvent) {
  return query.insert(outgoingEvents).values({
    ...{ id, type, subject: endpointId, requestId, createdAt: now },
    sequence: sql`(SELECT coalesce(max(sequence), 0) + 1 FROM outgoing_events WHERE subject = ${endpointId})`,
  });
}

/** Brings an event to one endpoint, where there is one of this id. */
export function insertDelivery(
  id: string,
  { id: eventId, endpointId, now }: TestEvent,
  wakeAt: number,
) {
  return query.run(sql`
    INSERT INTO webhook_deliveries (id, endpoint_id, event_id, status, created_at, wake_at)
    SELECT ${id}, id, ${eventId}, 'pending', ${now}, ${wakeAt} FROM webhook_endpoints WHERE id = ${endpointId}`);
}

/** So many of each endpoint's, so that none keeps those of another waiting. */
const DUE_OF_AN_ENDPOINT = 10;

/** Deliveries that are due, of endpoints that are sent to now: some of each, the oldest of each first. */
export function dueDeliveries(now: number, limit: number) {
  return query.all<{ id: string; requestId: string | null }>(sql`
    SELECT due.value AS id, e.request_id AS "requestId"
    FROM webhook_endpoints
    CROSS JOIN json_each((SELECT json_group_array(id) FROM (
      SELECT id FROM webhook_deliveries INDEXED BY webhook_deliveries_waiting
      WHERE endpoint_id = webhook_endpoints.id AND wake_at <= ${now} ORDER BY wake_at LIMIT ${DUE_OF_AN_ENDPOINT}))) due
    CROSS JOIN webhook_deliveries d ON d.id = due.value
    CROSS JOIN outgoing_events e ON e.id = d.event_id
    WHERE webhook_endpoints.status = 'active' AND coalesce(quiet_until, 0) <= ${now}
    LIMIT ${limit}`);
}

/** Takes deliveries off the next sweep's hands for a while: with `now`, those that are still due then. */
export function postponeDeliveries(ids: readonly string[], wakeAt: number, now?: number) {
  const due = now === undefined ? sql`` : sql`AND wake_at <= ${now}`;
  return query.all<{ id: string }>(sql`
    UPDATE webhook_deliveries SET wake_at = ${wakeAt}
    WHERE status = 'pending' ${due} AND id IN ${among(ids)} RETURNING id`);
}
