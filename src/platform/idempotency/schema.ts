import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * One use of an `Idempotency-Key`. Of a guest, `key` is made of the key and of what was sent with it, and `network` of
 * the key and of where it came from. `body` is encrypted where an answer may hold what is shown only once.
 */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    caller: text("caller").notNull(),
    key: text("key").notNull(),
    network: text("network"),
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
    index("idempotency_by_network").on(t.network).where(sql`"network" IS NOT NULL`),
    index("idempotency_expired").on(t.expiresAt),
  ],
);
