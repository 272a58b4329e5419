import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { olderThan, query } from "../../platform/db.ts";
import { apiKeys } from "../schema.ts";

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
  return query.select({ total: sql<number>`count(*)` }).from(apiKeys);
}

export function revokeApiKey(id: string, now: number) {
  return query
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
}

export function touchApiKey(id: string, now: number) {
  return query.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id));
}
