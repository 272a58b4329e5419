import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One use of an `Idempotency-Key`. `body` is encrypted: an answer may hold what is shown only once. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    caller: text("caller").notNull(),
    key: text("key").notNull(),
    requestHash: text("request_hash").notNull(),
    subject: text("subject"),
    status: integer("status"),
    headers: text("headers"),
    body: text("body"),
    lockedUntil: integer("locked_until"),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.caller, t.key] }),
    check("idempotency_answered", sql`(${t.status} IS NULL) = (${t.body} IS NULL)`),
    index("idempotency_expired").on(t.expiresAt),
  ],
);
