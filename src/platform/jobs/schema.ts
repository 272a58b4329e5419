import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Queue messages that no retry can help: unreadable ones, and those that reached the dead-letter queue. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    messageId: text("message_id").primaryKey(),
    queue: text("queue").notNull(),
    body: text("body").notNull(),
    reason: text("reason").notNull(),
    requestId: text("request_id"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    index("dead_letters_newest").on(t.createdAt),
    index("dead_letters_by_reason").on(t.reason, t.createdAt, t.messageId),
  ],
);
