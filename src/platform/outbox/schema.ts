import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What a change has promised to tell somebody: written in the batch of the change, told afterwards. */
export const outbox = sqliteTable(
  "outbox",
  {
    id: text("id").primaryKey(),
    topic: text("topic").notNull(),
    payload: text("payload").notNull(),
    dedupeKey: text("dedupe_key").notNull().unique(),
    status: text("status", { enum: ["pending", "done", "dead"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    lastError: text("last_error"),
    requestId: text("request_id"),
    createdAt: integer("created_at").notNull(),
    doneAt: integer("done_at"),
    wakeAt: integer("wake_at"),
  },
  (t) => [
    check("outbox_status", sql`${t.status} IN ('pending', 'done', 'dead')`),
    check("outbox_done", sql`(${t.status} = 'pending') = (${t.wakeAt} IS NOT NULL)`),
    index("outbox_due").on(t.wakeAt).where(sql`"wake_at" IS NOT NULL`),
    index("outbox_newest").on(t.status, t.createdAt),
  ],
);
