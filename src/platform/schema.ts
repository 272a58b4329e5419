import { sql } from "drizzle-orm";
import { check, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The legal moves of every state machine, as the triggers read them. A test holds it against the tables in code. */
export const stateTransitions = sqliteTable(
  "state_transitions",
  {
    machine: text("machine").notNull(),
    fromState: text("from_state").notNull(),
    toState: text("to_state").notNull(),
  },
  (t) => [primaryKey({ columns: [t.machine, t.fromState, t.toState] })],
);

/** How long what is over stays, as the triggers read it. A test holds it against the policy in code. */
export const retention = sqliteTable("retention", {
  what: text("what").primaryKey(),
  afterMs: integer("after_ms").notNull(),
});

/**
 * The time by which the database judges what is old, one row: the purge sets it, a day further at most, so that one wrong
 * clock takes nothing along. Zero before the first purge.
 */
export const retentionClock = sqliteTable(
  "retention_clock",
  { id: integer("id").primaryKey(), now: integer("now").notNull() },
  (t) => [check("retention_clock_one_row", sql`${t.id} = 1`)],
);
