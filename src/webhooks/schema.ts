import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const PROVIDERS = ["stripe", "resend"] as const;
export const EVENT_STATUSES = ["received", "processed", "ignored", "failed", "dead"] as const;

/** The inbox: what a provider sent, raw, before anything else happens with it. `subject` is what it is about: the id of our order, or of the payment at the provider; `lacks` what it waits for. */
export const webhookEvents = sqliteTable(
  "webhook_events",
  {
    id: text("id").primaryKey(),
    provider: text("provider", { enum: PROVIDERS }).notNull(),
    eventId: text("event_id").notNull(),
    type: text("type").notNull(),
    subject: text("subject"),
    payload: text("payload").notNull(),
    status: text("status", { enum: EVENT_STATUSES }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    lastError: text("last_error"),
    lacks: text("lacks"),
    requestId: text("request_id"),
    receivedAt: integer("received_at").notNull(),
    processedAt: integer("processed_at"),
    wakeAt: integer("wake_at"),
  },
  (t) => [
    check("webhook_events_provider", sql`${t.provider} IN ('stripe', 'resend')`),
    check(
      "webhook_events_status",
      sql`${t.status} IN ('received', 'processed', 'ignored', 'failed', 'dead')`,
    ),
    uniqueIndex("webhook_events_once").on(t.provider, t.eventId),
    index("webhook_events_newest").on(t.receivedAt, t.id),
    index("webhook_events_by_provider").on(t.provider, t.receivedAt, t.id),
    index("webhook_events_by_status").on(t.status, t.receivedAt, t.id),
    index("webhook_events_by_provider_and_status").on(t.provider, t.status, t.receivedAt, t.id),
    index("webhook_events_by_status_and_type").on(t.status, t.type, t.receivedAt, t.id),
    index("webhook_events_by_type").on(t.type, t.receivedAt, t.id),
    index("webhook_events_lacking")
      .on(t.lacks)
      .where(sql`"status" = 'dead' AND "lacks" IS NOT NULL`),
    index("webhook_events_due").on(t.wakeAt).where(sql`"wake_at" IS NOT NULL`),
  ],
);

/** How far a reconciliation has read at a provider; `state` is JSON, `version` the lock against overlapping runs. */
export const reconciliations = sqliteTable("reconciliations", {
  name: text("name").primaryKey(),
  state: text("state").notNull(),
  version: integer("version").notNull(),
  updatedAt: integer("updated_at").notNull(),
});
