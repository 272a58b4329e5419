import { and, asc, eq, inArray, lte, sql } from "drizzle-orm";
import { query } from "../platform/db.ts";
import { webhookEvents } from "./schema.ts";

export type EventRow = typeof webhookEvents.$inferSelect;

/** Keeps a provider's event once; answers its id, or nothing for one that is here already. */
export function insertEvent(row: Omit<typeof webhookEvents.$inferInsert, "status">) {
  return query
    .insert(webhookEvents)
    .values({ ...row, status: "received" })
    .onConflictDoNothing()
    .returning({ id: webhookEvents.id });
}

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
      attempts: sql`${webhookEvents.attempts} + 1`,
    })
    .where(eq(webhookEvents.id, id));
}

const unsettled = inArray(webhookEvents.status, ["received", "failed"]);

export function failEvent(id: string, error: string, wakeAt: number) {
  return query
    .update(webhookEvents)
    .set({
      status: "failed",
      lastError: error,
      wakeAt,
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

/** Events nobody woke in time, oldest first. */
export function dueEvents(now: number, limit: number) {
  return query
    .select({ id: webhookEvents.id, requestId: webhookEvents.requestId })
    .from(webhookEvents)
    .where(lte(webhookEvents.wakeAt, now))
    .orderBy(asc(webhookEvents.wakeAt))
    .limit(limit);
}

/** Takes due events off the next sweep's hands for a while. */
export function postponeEvents(ids: readonly string[], wakeAt: number) {
  return query
    .update(webhookEvents)
    .set({ wakeAt })
    .where(
      and(
        unsettled,
        sql`${webhookEvents.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
      ),
    );
}
