import { primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

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
