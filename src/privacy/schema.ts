import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Somebody was forgotten. `id` is what their row in `customers` was called. What a walk has to find is looked for from
 * `since` on, by when it came; `doneAt` is when the walk was through.
 */
export const forgettings = sqliteTable(
  "forgettings",
  {
    id: text("id").primaryKey(),
    /** Whose user it was; null for a guest. */
    userId: text("user_id"),
    since: integer("since").notNull(),
    createdAt: integer("created_at").notNull(),
    doneAt: integer("done_at"),
  },
  (t) => [index("forgettings_open").on(t.createdAt).where(sql`"done_at" IS NULL`)],
);

/** What providers call something of somebody who was forgotten: an order's id, or a payment's at the provider. */
export const forgottenSubjects = sqliteTable(
  "forgotten_subjects",
  {
    subject: text("subject").primaryKey(),
    forgettingId: text("forgetting_id")
      .notNull()
      .references(() => forgettings.id),
  },
  (t) => [check("forgotten_subjects_named", sql`${t.subject} <> ''`)],
);
