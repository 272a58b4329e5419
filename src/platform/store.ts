import { sql } from "drizzle-orm";
import { query } from "./db.ts";

/** The smallest question there is, to see whether the database answers. */
export function ping() {
  return query.all<{ one: number }>(sql`SELECT 1 AS one`);
}
