import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { statesOf } from "../platform/state.ts";
import { deliveryTransitions } from "./delivery-state.ts";

export const ENDPOINT_STATUSES = ["active", "paused"] as const;

/**
 * Where somebody wants to be told of events. `events` is a JSON array of their types; `changedBy` has chosen address and
 * events last, and may read what they carry. `failingSince` is when it began to fail without a success since, `failedAt`
 * when it failed last, `quietUntil` until when it is left alone because it did not answer.
 */
export const webhookEndpoints = sqliteTable(
  "webhook_endpoints",
  {
    id: text("id").primaryKey(),
    url: text("url").notNull(),
    events: text("events").notNull(),
    status: text("status", { enum: ENDPOINT_STATUSES }).notNull(),
    changedBy: text("changed_by").notNull(),
    failingSince: integer("failing_since"),
    failedAt: integer("failed_at"),
    quietUntil: integer("quiet_until"),
    version: integer("version").notNull().default(1),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check("webhook_endpoints_status", sql`${t.status} IN ('active', 'paused')`),
    check("webhook_endpoints_failing", sql`(${t.failingSince} IS NULL) = (${t.failedAt} IS NULL)`),
    index("webhook_endpoints_newest").on(t.createdAt, t.id),
  ],
);

/** What an endpoint's deliveries are signed with, sealed. The current one has no `until`; one before it is good until then. */
export const webhookSecrets = sqliteTable(
  "webhook_secrets",
  {
    id: text("id").primaryKey(),
    endpointId: text("endpoint_id")
      .notNull()
      .references(() => webhookEndpoints.id),
    sealed: text("sealed").notNull(),
    createdAt: integer("created_at").notNull(),
    until: integer("until"),
  },
  (t) => [
    index("webhook_secrets_of_endpoint").on(t.endpointId),
    uniqueIndex("webhook_secrets_current").on(t.endpointId).where(sql`"until" IS NULL`),
  ],
);

/**
 * What has happened that somebody wants to be told of: written by the triggers of migrations/0008_subscribers_guards.sql
 * in the batch of the transition. `subject` is the order's id, the SKU or, for a test, the endpoint's id; `sequence` grows
 * with each event of a subject. `payload` is what is sent, the same bytes each time, from the first time on.
 */
export const outgoingEvents = sqliteTable(
  "outgoing_events",
  {
    id: text("id").primaryKey(),
    type: text("type").notNull(),
    subject: text("subject").notNull(),
    sequence: integer("sequence").notNull(),
    payload: text("payload"),
    requestId: text("request_id"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    uniqueIndex("outgoing_events_once").on(t.subject, t.sequence, t.type),
    index("outgoing_events_newest").on(t.createdAt),
  ],
);

/**
 * One event for one endpoint, until it is taken or given up; `tries` counts those that failed since it was last due anew.
 * An endpoint that is removed leaves the rows behind, which nobody sends or sees any more, and which go with their event.
 */
export const webhookDeliveries = sqliteTable(
  "webhook_deliveries",
  {
    id: text("id").primaryKey(),
    endpointId: text("endpoint_id").notNull(),
    eventId: text("event_id")
      .notNull()
      .references(() => outgoingEvents.id),
    status: text("status", { enum: statesOf(deliveryTransitions) }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    tries: integer("tries").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    doneAt: integer("done_at"),
    wakeAt: integer("wake_at"),
  },
  (t) => [
    check("webhook_deliveries_status", sql`${t.status} IN ('pending', 'delivered', 'failed')`),
    check("webhook_deliveries_due", sql`(${t.status} = 'pending') = (${t.wakeAt} IS NOT NULL)`),
    uniqueIndex("webhook_deliveries_once").on(t.eventId, t.endpointId),
    index("webhook_deliveries_waiting")
      .on(t.endpointId, t.wakeAt)
      .where(sql`"wake_at" IS NOT NULL`),
    index("webhook_deliveries_of_endpoint").on(t.endpointId, t.createdAt, t.id),
    index("webhook_deliveries_by_status").on(t.endpointId, t.status, t.createdAt, t.id),
  ],
);

/** Each time that something was sent, or could not be: `status` is HTTP's; `error` says in words why it did not count. */
export const deliveryAttempts = sqliteTable(
  "delivery_attempts",
  {
    deliveryId: text("delivery_id")
      .notNull()
      .references(() => webhookDeliveries.id),
    number: integer("number").notNull(),
    status: integer("status"),
    error: text("error"),
    latencyMs: integer("latency_ms").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.deliveryId, t.number] })],
);
