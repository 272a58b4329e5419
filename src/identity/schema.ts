import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** A household or a company: what it orders, all of its users see. */
export const accounts = sqliteTable("accounts", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: integer("created_at").notNull(),
});

/** `email` is lower case and unique; `passwordHash` is in PHC format, and null until an invited user has chosen one. */
export const users = sqliteTable(
  "users",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    email: text("email").notNull().unique(),
    name: text("name").notNull(),
    passwordHash: text("password_hash"),
    role: text("role", { enum: ["customer", "agent", "admin"] }).notNull(),
    emailVerifiedAt: integer("email_verified_at"),
    disabledAt: integer("disabled_at"),
    /** Since when nobody is behind it any more, in milliseconds: all that was personal is gone, and it stays so. */
    deletedAt: integer("deleted_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    check("users_role", sql`${t.role} IN ('customer', 'agent', 'admin')`),
    check("users_email", sql`${t.email} = lower(${t.email})`),
    index("users_of_account").on(t.accountId),
    index("users_newest").on(t.createdAt, t.id),
    index("users_admins").on(t.id).where(sql`"role" = 'admin'`),
  ],
);

/** Where a user is signed in: a family of refresh tokens, or a browser's cookie. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    kind: text("kind", { enum: ["token", "browser"] }).notNull(),
    userAgent: text("user_agent").notNull(),
    address: text("address").notNull(),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    endedAt: integer("ended_at"),
    endedBy: text("ended_by"),
  },
  (t) => [
    check("sessions_kind", sql`${t.kind} IN ('token', 'browser')`),
    check("sessions_ended", sql`(${t.endedAt} IS NULL) = (${t.endedBy} IS NULL)`),
    index("sessions_of_user").on(t.userId, t.createdAt),
    index("sessions_expired").on(t.expiresAt),
    index("sessions_by_end").on(t.endedAt).where(sql`"ended_at" IS NOT NULL`),
  ],
);

/** The secrets of a session, hashed; each but a browser's is spent by its first use. */
export const sessionSecrets = sqliteTable(
  "session_secrets",
  {
    hash: text("hash").primaryKey(),
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id),
    createdAt: integer("created_at").notNull(),
    spentAt: integer("spent_at"),
  },
  (t) => [index("secrets_of_session").on(t.sessionId)],
);

/**
 * What a link in a mail proves: good once, for a while. The link's secret is made from the id and stored nowhere, or
 * is random and kept as `secretHash`, where the link was made by a program without the Worker's secrets.
 */
export const emailTokens = sqliteTable(
  "email_tokens",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id),
    purpose: text("purpose", { enum: ["verify", "reset"] }).notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    usedAt: integer("used_at"),
    secretHash: text("secret_hash"),
  },
  (t) => [
    check("email_tokens_purpose", sql`${t.purpose} IN ('verify', 'reset')`),
    index("email_tokens_of_user").on(t.userId),
    index("email_tokens_expired").on(t.expiresAt),
    uniqueIndex("email_tokens_secret").on(t.secretHash).where(sql`"secret_hash" IS NOT NULL`),
  ],
);

/**
 * What each role holds, in the words of a key's scopes, and of which scope it can do a part (`whole` is 0): that part its
 * users have by their role alone, but whoever gives the role must hold the scope. With the view `held_scopes`, which says what every user and key
 * holds at this moment, it is the one rule of who may grant what: the triggers and statements that grant ask it.
 */
export const roleScopes = sqliteTable(
  "role_scopes",
  {
    role: text("role", { enum: ["customer", "agent", "admin"] }).notNull(),
    scope: text("scope").notNull(),
    whole: integer("whole").notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.role, t.scope] }),
    check("role_scopes_whole", sql`${t.whole} IN (0, 1)`),
  ],
);

/**
 * Keys for programs, hashed; `hint` is their last four characters. A key dies with its owner; one that an operator's
 * script made has none.
 */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    hash: text("hash").notNull().unique(),
    hint: text("hint").notNull(),
    scopes: text("scopes").notNull(),
    createdBy: text("created_by").notNull(),
    ownerId: text("owner_id").references(() => users.id),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    lastUsedAt: integer("last_used_at"),
    revokedAt: integer("revoked_at"),
  },
  (t) => [
    index("api_keys_newest").on(t.createdAt, t.id),
    index("api_keys_of_owner").on(t.ownerId).where(sql`"owner_id" IS NOT NULL`),
  ],
);

/** The keys of access tokens. One signs, one is published ahead of its use, retired ones verify until their tokens are over. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    kid: text("kid").primaryKey(),
    status: text("status", { enum: ["next", "current", "retired"] }).notNull(),
    publicJwk: text("public_jwk").notNull(),
    sealedPrivateJwk: text("sealed_private_jwk").notNull(),
    createdAt: integer("created_at").notNull(),
    currentSince: integer("current_since"),
    retiredAt: integer("retired_at"),
  },
  (t) => [
    check("signing_keys_status", sql`${t.status} IN ('next', 'current', 'retired')`),
    uniqueIndex("signing_keys_one_current").on(t.status).where(sql`"status" = 'current'`),
    uniqueIndex("signing_keys_one_next").on(t.status).where(sql`"status" = 'next'`),
  ],
);
