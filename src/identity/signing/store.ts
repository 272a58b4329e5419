import { and, desc, eq, lte } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { signingKeys } from "../schema.ts";

export type SigningKeyRow = typeof signingKeys.$inferSelect;

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
