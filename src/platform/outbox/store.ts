import { and, asc, eq, lte, type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { among, type Condition, query } from "../db.ts";
import { newId } from "../ids.ts";
import { WAKE_GRACE_MS } from "../jobs/wake.ts";
import type { DedupeKey } from "./dedupe.ts";
import { outbox } from "./schema.ts";
import type { PayloadOf, Topic } from "./topics.ts";

interface Entry<T extends Topic> {
  readonly topic: T;
  readonly payload: PayloadOf<T>;
  readonly dedupeKey: DedupeKey;
}

/** The statement that promises to tell; `dedupeKey` is what makes it told once. */
export function promise<T extends Topic>(ctx: Context, entry: Entry<T>) {
  const id = newId("obx", ctx.now());
  const statement = query.insert(outbox).values({
    id,
    topic: entry.topic,
    payload: JSON.stringify(entry.payload),
    dedupeKey: entry.dedupeKey,
    status: "pending",
    requestId: ctx.requestId,
    createdAt: ctx.now(),
    wakeAt: ctx.now() + WAKE_GRACE_MS,
  });
  return { id, statement };
}

/**
 * The same for what may have been promised before, or is not wanted at this moment, which `when` says: then nothing is
 * written, and its id wakes nothing.
 */
export function promiseOnce<T extends Topic>(ctx: Context, entry: Entry<T>, when?: Condition) {
  const id = newId("obx", ctx.now());
  const { topic, dedupeKey } = entry;
  const statement = query.run(sql`
    INSERT INTO outbox (id, topic, payload, dedupe_key, status, request_id, created_at, wake_at)
    SELECT ${id}, ${topic}, ${JSON.stringify(entry.payload)}, ${dedupeKey}, 'pending', ${ctx.requestId}, ${ctx.now()},
      ${ctx.now() + WAKE_GRACE_MS}
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE dedupe_key = ${dedupeKey}) ${when === undefined ? sql`` : sql`AND ${when}`}`);
  return { id, statement };
}

/** The same for each of many things at once: `rows` are their `payload`, in JSON, and their `dedupe_key`. Answers their ids. */
export function promiseEach(ctx: Context, topic: Topic, rows: SQL) {
  const now = ctx.now();
  return query.all<{ id: string }>(sql`
    INSERT INTO outbox (id, topic, payload, dedupe_key, status, request_id, created_at, wake_at)
    SELECT substr(${newId("obx", now)}, 1, 14) || lower(hex(randomblob(13))), ${topic}, payload, dedupe_key, 'pending',
      ${ctx.requestId}, ${now}, ${now + WAKE_GRACE_MS} FROM (${rows}) RETURNING id`);
}

/** Wakes the queue for promises that are on disk. */
export function wakePromises(ctx: Context, ids: readonly string[]): void {
  for (const id of ids) ctx.wake({ type: "outbox", id });
}

export function findOutboxRow(id: string) {
  return query.select().from(outbox).where(eq(outbox.id, id)).limit(1);
}

export function markDone(id: string, now: number) {
  return query
    .update(outbox)
    .set({ status: "done", doneAt: now, wakeAt: null, lastError: null })
    .where(and(eq(outbox.id, id), eq(outbox.status, "pending")));
}

export function markFailed(id: string, error: string, wakeAt: number) {
  return query
    .update(outbox)
    .set({ attempts: sql`${outbox.attempts} + 1`, lastError: error, wakeAt })
    .where(and(eq(outbox.id, id), eq(outbox.status, "pending")));
}

export function markDead(id: string, error: string) {
  return query
    .update(outbox)
    .set({ status: "dead", wakeAt: null, lastError: sql`coalesce(${outbox.lastError}, ${error})` })
    .where(and(eq(outbox.id, id), eq(outbox.status, "pending")));
}

/** Rows nobody woke in time, oldest first. */
export function dueRows(now: number, limit: number) {
  return query
    .select({ id: outbox.id, requestId: outbox.requestId })
    .from(outbox)
    .where(lte(outbox.wakeAt, now))
    .orderBy(asc(outbox.wakeAt))
    .limit(limit);
}

/** Takes rows that are still due off the sweep's hands for a while, so that overlapping sweeps do not send them twice. */
export function postpone(ids: readonly string[], wakeAt: number, now: number) {
  return query
    .update(outbox)
    .set({ wakeAt })
    .where(and(lte(outbox.wakeAt, now), sql`${outbox.id} IN ${among(ids)}`))
    .returning({ id: outbox.id });
}
