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

/** The current key signs no more, and verifies for a while. */
export function retireKey(currentKid: string, now: number) {
  return query
    .update(signingKeys)
    .set({ status: "retired", retiredAt: now })
    .where(and(eq(signingKeys.kid, currentKid), eq(signingKeys.status, "current")));
}

/** The next key signs from now on; the unique indexes refuse a second rotation at the same time. */
export function promoteNextKey(currentKid: string, nextKid: string, now: number) {
  return [
    retireKey(currentKid, now),
    query
      .update(signingKeys)
      .set({ status: "current", currentSince: now })
      .where(and(eq(signingKeys.kid, nextKid), eq(signingKeys.status, "next"))),
  ];
}

/** Takes back a next key that never signed. */
export function removeNextKey(kid: string) {
  return query
    .delete(signingKeys)
    .where(and(eq(signingKeys.kid, kid), eq(signingKeys.status, "next")));
}

/** The same private half sealed with another secret, unless somebody has just done so. */
export function sealKeyAgain(kid: string, before: string, sealedPrivateJwk: string) {
  return query
    .update(signingKeys)
    .set({ sealedPrivateJwk })
    .where(and(eq(signingKeys.kid, kid), eq(signingKeys.sealedPrivateJwk, before)));
}

export function removeRetiredKeys(retiredBefore: number) {
  return query
    .delete(signingKeys)
    .where(and(eq(signingKeys.status, "retired"), lte(signingKeys.retiredAt, retiredBefore)));
}
