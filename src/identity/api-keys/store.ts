import { and, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import { countRows, olderThan, query } from "../../platform/db.ts";
import { apiKeys } from "../schema.ts";
import { stillHolds } from "../store.ts";

export type ApiKeyRow = typeof apiKeys.$inferSelect;

export function insertApiKey(row: typeof apiKeys.$inferInsert) {
  return query.insert(apiKeys).values(row);
}

export function findApiKey(hash: string) {
  return query.select().from(apiKeys).where(eq(apiKeys.hash, hash)).limit(1);
}

export function listApiKeys(after: readonly [number, string] | undefined, limit: number) {
  return query
    .select()
    .from(apiKeys)
    .where(olderThan(apiKeys.createdAt, apiKeys.id, after))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(limit);
}

export function countApiKeys() {
  return countRows(apiKeys);
}

interface ChangeOfKey {
  readonly id: string;
  /** The user or the API key that asks for it. */
  readonly by: string;
  readonly now: number;
}

export function revokeApiKey({ id, by, now }: ChangeOfKey) {
  return query
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt), stillHolds(by, "identity:write")))
    .returning({ id: apiKeys.id });
}

const isLive = ({ id, now }: Omit<ChangeOfKey, "by">) =>
  and(
    eq(apiKeys.id, id),
    isNull(apiKeys.revokedAt),
    or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
  );

export function findLiveApiKey(change: Omit<ChangeOfKey, "by">) {
  return query.select().from(apiKeys).where(isLive(change)).limit(1);
}

/** Gives a live key to the user who asks; only if they hold all that it may do. Answers it when that was so. */
export function keepApiKey(change: ChangeOfKey) {
  return query
    .update(apiKeys)
    .set({ ownerId: change.by })
    .where(
      and(
        isLive(change),
        stillHolds(change.by, "identity:write"),
        sql`NOT EXISTS (SELECT 1 FROM json_each(${apiKeys.scopes}) s WHERE NOT ${stillHolds(change.by, sql`s.value`)})`,
      ),
    )
    .returning();
}

export function touchApiKey(id: string, now: number) {
  return query.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id));
}
