import { and, desc, eq, getTableColumns, sql } from "drizzle-orm";
import { olderThan, query } from "../platform/db.ts";
import { accounts, users } from "./schema.ts";

export type UserRow = typeof users.$inferSelect & { readonly accountName: string };

export function insertAccount(row: typeof accounts.$inferInsert) {
  return query.insert(accounts).values(row);
}

export function insertUser(row: typeof users.$inferInsert) {
  return query.insert(users).values(row);
}

const withAccount = {
  ...getTableColumns(users),
  accountName: sql<string>`(SELECT name FROM ${accounts} WHERE id = "users"."account_id")`.as(
    "account_name",
  ),
};

export function findUserByEmail(email: string) {
  return query.select(withAccount).from(users).where(eq(users.email, email)).limit(1);
}

export function findUser(id: string) {
  return query.select(withAccount).from(users).where(eq(users.id, id)).limit(1);
}

export type UserPatch = Partial<
  Pick<typeof users.$inferSelect, "name" | "passwordHash" | "role" | "disabledAt">
>;

export function updateUser(id: string, patch: UserPatch, now: number) {
  return query
    .update(users)
    .set({ ...patch, updatedAt: now })
    .where(eq(users.id, id));
}

/** The same as an admin; the last admin who can sign in stays one. Answers the id when it was changed. */
export function updateUserAsAdmin(id: string, patch: UserPatch, now: number) {
  const demotes = patch.role !== undefined && patch.role !== "admin";
  const disables = typeof patch.disabledAt === "number";
  const anotherAdmin = sql`(${users.role} <> 'admin' OR ${users.disabledAt} IS NOT NULL OR EXISTS (
    SELECT 1 FROM users other WHERE other.role = 'admin' AND other.disabled_at IS NULL AND other.id <> ${id}))`;
  return query
    .update(users)
    .set({ ...patch, updatedAt: now })
    .where(and(eq(users.id, id), demotes || disables ? anotherAdmin : undefined))
    .returning({ id: users.id });
}

export function listUsers(after: readonly [number, string] | undefined, limit: number) {
  return query
    .select(withAccount)
    .from(users)
    .where(olderThan(users.createdAt, users.id, after))
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit);
}

export function countUsers() {
  return query.select({ total: sql<number>`count(*)` }).from(users);
}

/** Stores the same password with today's parameters, unless it was changed meanwhile. */
export function upgradePasswordHash(id: string, from: string | null, to: string) {
  return query
    .update(users)
    .set({ passwordHash: to })
    .where(and(eq(users.id, id), sql`${users.passwordHash} IS ${from}`));
}

/** The user behind a secret, whatever their state. */
export function findUserBySecret(hash: string) {
  const userId = sql`(SELECT s.user_id FROM session_secrets t JOIN sessions s ON s.id = t.session_id WHERE t.hash = ${hash})`;
  return query.select(withAccount).from(users).where(sql`${users.id} = ${userId}`).limit(1);
}
