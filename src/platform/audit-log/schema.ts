import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Who did what to which thing, when, from where. Written in the batch of the change, never altered. */
export const auditLog = sqliteTable(
  "audit_log",
  {
    id: text("id").primaryKey(),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    target: text("target").notNull(),
    data: text("data").notNull(),
    address: text("address").notNull(),
    requestId: text("request_id").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    index("audit_log_newest").on(t.createdAt, t.id),
    index("audit_log_of_target").on(t.target, t.createdAt, t.id),
  ],
);
