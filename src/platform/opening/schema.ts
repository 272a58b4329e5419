import { sql } from "drizzle-orm";
import { check, integer, sqliteTable } from "drizzle-orm/sqlite-core";

/** Whether this is the database that the configuration opens the shop for. One row, put back with all the others by a restore. */
export const opening = sqliteTable(
  "opening",
  {
    id: integer("id").primaryKey(),
    /** `ORDER_NUMBERS_FROM`, as it was when the shop last compared itself with its payment provider. */
    openedFrom: integer("opened_from").notNull(),
    /** Stays as it is: setting it asks whether the shop is open, and a trigger answers. */
    askedFrom: integer("asked_from").notNull(),
  },
  (t) => [check("opening_one_row", sql`${t.id} = 1`)],
);
