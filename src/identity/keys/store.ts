import { and, desc, eq, isNull, lte, sql } from "drizzle-orm";
import { olderThan, query } from "../../platform/db.ts";
import { apiKeys, signingKeys } from "../schema.ts";

export type SigningKeyRow = typeof signingKeys.$inferSelect;
export type ApiKeyRow = typeof apiKeys.$inferSelect;

export function listSigningKeys() {
  return query.select().from(signingKeys).orderBy(desc(signingKeys.createdAt)).limit(10);
}

export function insertSigningKey(row: typeof signingKeys.$inferInsert) {
  return query.insert(signingKeys).values(row);
}

/** The next key signs from now on; the unique indexes refuse a second rotation at the same time. */
export function promoteNextKey(currentKid: string, nextKid: string, now: number) {
  return [
    query
      .update(signingKeys)
      .set({ status: "retired", retiredAt: now })
      .where(and(eq(signingKeys.kid, currentKid), eq(signingKeys.status, "current"))),
    query
      .update(signingKeys)
      .set({ status: "current", currentSince: now })
      .where(and(eq(signingKeys.kid, nextKid), eq(signingKeys.status, "next"))),
  ];
}

export function removeRetiredKeys(retiredBefore: number) {
  return query
    .delete(signingKeys)
    .where(and(eq(signingKeys.status, "retired"), lte(signingKeys.retiredAt, retiredBefore)));
}

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
