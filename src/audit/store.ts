import { type SQL, sql } from "drizzle-orm";
import { among, query } from "../platform/db.ts";

const MAX_BREACHES = 20;

export type InvariantName =
  | "I1"
  | "I2"
  | "I3"
  | "I4"
  | "I5"
  | "I6"
  | "I7"
  | "I8"
  | "I9"
  | "I10"
  | "I11"
  | "I12"
  | "I17"
  | "I18"
  | "I19"
  | "I20"
  | "I21";

/** Rows that break a rule, each as a sentence. */
export function breaches(name: InvariantName, select: SQL) {
  return query.all<{ invariant: InvariantName; breach: string }>(
    sql`SELECT ${name} AS invariant, breach FROM (${select}) LIMIT ${MAX_BREACHES}`,
  );
}

/**
 * Which rows a rule is about, as what stands behind their id: all of them, or these. What else a rule asks of them has a
 * plus, or SQLite walks all rows of a status to ask each whether it is one of these.
 */
export type Which = SQL;
export const ALL: Which = sql`IS NOT NULL`;

export function onlyThese(ids: readonly (string | number)[]): Which {
  return sql`IN ${among(ids)}`;
}

/** For an order named `o`. */
export const wasPaid = sql`EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.type = 'order.paid')`;
