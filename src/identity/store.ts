import { and, desc, eq, getTableColumns, isNull, type SQL, sql } from "drizzle-orm";
import { countRows, olderThan, query } from "../platform/db.ts";
import type { Scope } from "../platform/roles.ts";
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
  return query
    .select(withAccount)
    .from(users)
    .where(and(eq(users.id, id), isNull(users.deletedAt)))
    .limit(1);
}

type UserPatch = Partial<
  Pick<typeof users.$inferSelect, "name" | "passwordHash" | "role" | "disabledAt">
>;

export function updateUser(id: string, patch: UserPatch, now: number) {
  return query
    .update(users)
    .set({ ...patch, updatedAt: now })
    .where(eq(users.id, id));
}

/** For a batch that grants something: what a user or an API key holds now, whatever was known when the request came. */
const heldBy = (holderId: string) =>
  sql`(SELECT scope FROM held_scopes WHERE holder_id = ${holderId})`;

/** Whether a user or an API key still holds a scope. */
export function stillHolds(holderId: string, scope: Scope | SQL): SQL {
  return sql`(${scope} IN ${heldBy(holderId)})`;
}

interface ChangeOfUser {
  readonly id: string;
  readonly patch: Pick<UserPatch, "role" | "disabledAt">;
  /** The user or the API key that asks for it. */
  readonly by: string;
  readonly now: number;
}

/**
 * Nobody grants more than they hold: what the user has after the change, the scopes of which their role can do a part
 * too, they have now, or whoever asks for it has, and for good.
 */
function mayChange({ id, patch, by }: ChangeOfUser): SQL {
  const role = patch.role === undefined ? sql`role` : sql`${patch.role}`;
  const takesAway = patch.role === undefined && patch.disabledAt !== null;
  const grants = sql`EXISTS (
    SELECT 1 FROM role_scopes r WHERE r.role = (SELECT ${role} FROM users WHERE id = ${id})
      AND (r.scope NOT IN ${heldBy(by)} OR ${endsByItself(by)})
      AND NOT EXISTS (SELECT 1 FROM users u JOIN role_scopes h ON h.role = u.role
        WHERE u.id = ${id} AND u.disabled_at IS NULL AND h.scope = r.scope AND h.whole >= r.whole))`;
  const may = stillHolds(by, "identity:write");
  return takesAway ? may : sql`(${may} AND NOT ${grants})`;
}

/** What a role can do has no end, so a key that has one cannot give it. */
const endsByItself = (holderId: string) =>
  sql`EXISTS (SELECT 1 FROM api_keys WHERE id = ${holderId} AND expires_at IS NOT NULL)`;

/** Whether the change is theirs to make, before it is made, and whether who asks ends by itself. */
export function askMayChange(change: ChangeOfUser) {
  return query.all<{ may: number; ends: number }>(
    sql`SELECT ${mayChange(change)} AS may, ${endsByItself(change.by)} AS ends`,
  );
}

/** A role or a state that somebody else gives; the last admin who can sign in stays one. Answers the id when it was changed. */
export function changeUser(change: ChangeOfUser) {
  const { id, patch, now } = change;
  const demotes = patch.role !== undefined && patch.role !== "admin";
  const disables = typeof patch.disabledAt === "number";
  const anotherAdmin = sql`(${users.role} <> 'admin' OR ${users.disabledAt} IS NOT NULL OR EXISTS (
    SELECT 1 FROM users other WHERE other.role = 'admin' AND other.disabled_at IS NULL AND other.id <> ${id}))`;
  return query
    .update(users)
    .set({ ...patch, updatedAt: now })
    .where(
      and(
        eq(users.id, id),
        isNull(users.deletedAt),
        mayChange(change),
        demotes || disables ? anotherAdmin : undefined,
      ),
    )
    .returning({ id: users.id });
}

/** For the audit log: what was changed, with the API keys that have ended with it. */
export function changeWithEndedKeys({ id, now }: ChangeOfUser, said: object): SQL<string> {
  const ended = sql`(
    SELECT json_group_array(id) FROM api_keys WHERE owner_id = ${id} AND revoked_at = ${now})`;
  const data = JSON.stringify(said);
  return sql<string>`iif(${ended} = '[]', ${data}, json_set(${data}, '$.endedKeys', json(${ended})))`;
}

export function listUsers(after: readonly [number, string] | undefined, limit: number) {
  return query
    .select(withAccount)
    .from(users)
    .where(and(isNull(users.deletedAt), olderThan(users.createdAt, users.id, after)))
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit);
}

export function countUsers() {
  return countRows(users, isNull(users.deletedAt));
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
