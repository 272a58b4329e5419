import { query } from "../db.ts";
import { deadLetters } from "./schema.ts";

/** Why a message is kept that nothing can be done with. */
export const UNREADABLE = "The message is not a job.";

export function recordDeadLetter(row: typeof deadLetters.$inferInsert) {
  return query.insert(deadLetters).values(row).onConflictDoNothing();
}
