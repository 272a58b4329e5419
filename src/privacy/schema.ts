import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Somebody was forgotten. One customer may be forgotten more than once: whoever has only said that an address is theirs
 * goes, and whoever has it stays. What a walk has to find is looked for from `since` on, by when it came; `doneAt` is
 * when the walk was through.
 */
export const forgettings = sqliteTable(
  "forgettings",
  {
    id: text("id").primaryKey(),
    /** What their row in `customers` is called, or was. */
    customerId: text("customer_id").notNull(),
    /** Whose user it was; null for a guest. */
    userId: text("user_id"),
    since: integer("since").notNull(),
    createdAt: integer("created_at").notNull(),
    doneAt: integer("done_at"),
  },
  (t) => [index("forgettings_open").on(t.createdAt).where(sql`"done_at" IS NULL`)],
);

/**
 * What events call something of somebody who was forgotten: an order's id, or a payment's at the provider. A trigger takes
 * no order of which something is under way, and no row goes: what still comes for it is forgotten as it comes.
 */
export const forgottenSubjects = sqliteTable(
  "forgotten_subjects",
  {
    subject: text("subject").primaryKey(),
    forgettingId: text("forgetting_id")
      .notNull()
      .references(() => forgettings.id),
    /** Whether the order itself was forgotten; 0 where it goes on as a colleague's, and only what named the person is gone. */
    whole: integer("whole").notNull(),
  },
  (t) => [
    check("forgotten_subjects_named", sql`${t.subject} <> ''`),
    check("forgotten_subjects_whole", sql`${t.whole} IN (0, 1)`),
  ],
);
