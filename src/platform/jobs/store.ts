import { query } from "../db.ts";
import { deadLetters } from "./schema.ts";

export function recordDeadLetter(row: typeof deadLetters.$inferInsert) {
  return query.insert(deadLetters).values(row).onConflictDoNothing();
}
