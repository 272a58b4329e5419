import { and, asc, desc, eq, getTableColumns, inArray, lte, type SQL, sql } from "drizzle-orm";
import { among, countRows, olderThan, query, timestampText } from "../platform/db.ts";
import { type Holes, prepared } from "../platform/prepared.ts";
import { reconciliations, webhookEvents } from "./schema.ts";

export type EventRow = typeof webhookEvents.$inferSelect;
export type EventSummaryRow = Omit<EventRow, "payload">;

/** Keeps a provider's event once; answers its id, or nothing for one that is here already. */
export function insertEvent(event: NewEvent) {
  return newEvent(event);
}

type NewEvent = Pick<
  EventRow,
  "id" | "provider" | "eventId" | "type" | "subject" | "requestId" | "receivedAt"
> & { readonly payload: string; readonly wakeAt: number };

const newEvent = prepared((p: Holes<NewEvent>) =>
  query.all<{ id: string }>(sql`
    INSERT INTO webhook_events (id, provider, event_id, type, subject, payload, status, request_id, received_at, wake_at)
    SELECT ${p.id}, ${p.provider}, ${p.eventId}, ${p.type}, ${p.subject}, ${p.payload}, 'received', ${p.requestId},
      ${p.receivedAt}, ${p.wakeAt}
    WHERE NOT EXISTS (SELECT 1 FROM webhook_events WHERE provider = ${p.provider} AND event_id = ${p.eventId})
    RETURNING id`),
);

export function findEvent(id: string) {
  return query.select().from(webhookEvents).where(eq(webhookEvents.id, id)).limit(1);
}

/** Marks an event as dealt with. In the batch of its effect, so that neither happens without the other. */
export function settleEvent(id: string, status: "processed" | "ignored", now: number) {
  return query
    .update(webhookEvents)
    .set({
      status,
      processedAt: now,
      wakeAt: null,
      lastError: null,
      lacks: null,
      attempts: sql`${webhookEvents.attempts} + 1`,
    })
    .where(eq(webhookEvents.id, id));
}

const unsettled = inArray(webhookEvents.status, ["received", "failed"]);

interface FailedTry {
  readonly reason: string;
  readonly wakeAt: number;
  readonly lacks: string | null;
}

export function failEvent(id: string, { reason, wakeAt, lacks }: FailedTry) {
  return query
    .update(webhookEvents)
    .set({
      status: "failed",
      lastError: reason,
      wakeAt,
      lacks,
      attempts: sql`${webhookEvents.attempts} + 1`,
    })
    .where(and(eq(webhookEvents.id, id), unsettled));
}

export function buryEvent(id: string, error: string) {
  return query
    .update(webhookEvents)
    .set({
      status: "dead",
      wakeAt: null,
      lastError: sql`coalesce(${webhookEvents.lastError}, ${error})`,
    })
    .where(and(eq(webhookEvents.id, id), unsettled));
}

/** Some of the dead events that lack something, by what they lack, from `after` on. */
const lookedAt = (after: string, limit: number) => sql`(
  SELECT id, lacks FROM webhook_events INDEXED BY webhook_events_lacking
  WHERE status = 'dead' AND lacks >= ${after} ORDER BY lacks LIMIT ${limit})`;

/** What these events lack, so that the next look begins where this one has ended. */
export function findLacks(after: string, limit: number) {
  return query.all<{ lacks: string }>(sql`SELECT lacks FROM ${lookedAt(after, limit)}`);
}

export interface Look {
  /** Where the look before has stopped; empty at the beginning. */
  readonly after: string;
  readonly limit: number;
  /** A condition on what an event lacks: it is here. */
  readonly arrived: SQL;
}

/** Those of the same events whose lack is over: due again. */
export function reopenArrived({ after, limit, arrived }: Look, wakeAt: number) {
  return reopenDead(sql`SELECT id FROM ${lookedAt(after, limit)} lacking WHERE ${arrived}`, wakeAt);
}

/** Dead events that lack just this: due again. */
export function reopenLacking(lacks: string, limit: number, wakeAt: number) {
  return reopenDead(
    sql`SELECT id FROM webhook_events INDEXED BY webhook_events_lacking
      WHERE status = 'dead' AND lacks = ${lacks} LIMIT ${limit}`,
    wakeAt,
  );
}

function reopenDead(ids: SQL, wakeAt: number) {
  return query
    .update(webhookEvents)
    .set({ status: "received", wakeAt, lacks: null })
    .where(sql`${webhookEvents.id} IN (${ids})`)
    .returning({ id: webhookEvents.id });
}

/** Events nobody woke in time, oldest first. */
export function dueEvents(now: number, limit: number) {
  return query
    .select({ id: webhookEvents.id, requestId: webhookEvents.requestId })
    .from(webhookEvents)
    .where(lte(webhookEvents.wakeAt, now))
    .orderBy(asc(webhookEvents.wakeAt))
    .limit(limit);
}

/** Takes events that are still due off the next sweep's hands for a while. */
export function postponeEvents(ids: readonly string[], wakeAt: number, now: number) {
  return query
    .update(webhookEvents)
    .set({ wakeAt })
    .where(and(lte(webhookEvents.wakeAt, now), sql`${webhookEvents.id} IN ${among(ids)}`))
    .returning({ id: webhookEvents.id });
}

const { payload: _payload, ...summary } = getTableColumns(webhookEvents);

export interface EventFilter {
  readonly provider?: EventRow["provider"] | undefined;
  readonly status?: EventRow["status"] | undefined;
  readonly type?: string | undefined;
}

const matching = ({ provider, status, type }: EventFilter) => {
  // There are many types and two providers, so that what is of one type is mostly of one provider.
  const column =
    type === undefined ? sql`${webhookEvents.provider}` : sql`+${webhookEvents.provider}`;
  return and(
    provider === undefined ? undefined : sql`${column} = ${provider}`,
    status === undefined ? undefined : eq(webhookEvents.status, status),
    type === undefined ? undefined : eq(webhookEvents.type, type),
  );
};

/** Events newest first, without what the provider sent. */
export function listEvents(
  filter: EventFilter,
  after: readonly [number, string] | undefined,
  limit: number,
) {
  return query
    .select(summary)
    .from(webhookEvents)
    .where(and(matching(filter), olderThan(webhookEvents.receivedAt, webhookEvents.id, after)))
    .orderBy(desc(webhookEvents.receivedAt), desc(webhookEvents.id))
    .limit(limit);
}

export function countEvents(filter: EventFilter) {
  return countRows(webhookEvents, matching(filter));
}

/** For an audit line: an event's id, and NULL for one that does not exist. */
export function idOfEvent(id: string): SQL<string> {
  return sql<string>`(SELECT id FROM webhook_events WHERE id = ${id})`;
}

/** Makes an event due again, whatever became of it. How often it was tried, and at what it failed last, stays. */
export function reopenEvent(id: string, wakeAt: number) {
  return query
    .update(webhookEvents)
    .set({ status: "received", processedAt: null, wakeAt, lacks: null })
    .where(eq(webhookEvents.id, id));
}

/** An event as `presentEvent` shows it. */
export function eventJson(id: string): SQL<string> {
  return sql<string>`(SELECT json_object('id', id, 'provider', provider, 'eventId', event_id, 'type', type,
    'subject', subject, 'status', status, 'attempts', attempts, 'lastError', last_error, 'requestId', request_id,
    'receivedAt', ${timestampText(webhookEvents.receivedAt)}, 'processedAt', ${timestampText(webhookEvents.processedAt)})
    FROM webhook_events WHERE id = ${id})`;
}

/** Which of these events of a provider are in the inbox. */
export function findKnownEvents(provider: EventRow["provider"], eventIds: readonly string[]) {
  return query
    .select({ eventId: webhookEvents.eventId })
    .from(webhookEvents)
    .where(
      and(
        eq(webhookEvents.provider, provider),
        sql`${webhookEvents.eventId} IN ${among(eventIds)}`,
      ),
    );
}

/** Makes sure that a reconciliation has a row; the one that is there stays. */
export function beginReconciliation(name: string, state: string, now: number) {
  return query
    .insert(reconciliations)
    .values({ name, state, version: 1, updatedAt: now })
    .onConflictDoNothing();
}

export function findReconciliation(name: string) {
  return query.select().from(reconciliations).where(eq(reconciliations.name, name)).limit(1);
}

/** Writes down how far a reconciliation is; answers no row when another run has done so since this version was read. */
export function saveReconciliation(
  { name, version }: { readonly name: string; readonly version: number },
  state: string,
  now: number,
) {
  return query
    .update(reconciliations)
    .set({ state, version: version + 1, updatedAt: now })
    .where(and(eq(reconciliations.name, name), eq(reconciliations.version, version)))
    .returning({ version: reconciliations.version });
}
