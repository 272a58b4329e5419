import { gt, sql } from "drizzle-orm";
import { query } from "../../platform/db.ts";
import { zoneOffsets } from "../schema.ts";
import type { ZoneOffset } from "./offset-of.ts";

/** What the clocks show at a moment, and what is known of after it. */
export function findOffsets(now: number) {
  return query
    .select({ since: zoneOffsets.since, offsetMs: zoneOffsets.offsetMs })
    .from(zoneOffsets)
    .where(sql`${zoneOffsets.since} >= (SELECT max(since) FROM zone_offsets WHERE since <= ${now})`)
    .orderBy(zoneOffsets.since);
}

/** What was thought to come. */
export function forgetOffsets(now: number) {
  return query.delete(zoneOffsets).where(gt(zoneOffsets.since, now));
}

/** What another run has written down meanwhile stays: it is the same. */
export function insertOffset({ since, offsetMs }: ZoneOffset) {
  return query.insert(zoneOffsets).values({ since, offsetMs }).onConflictDoNothing();
}
