import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Whoever has registered or bought, a row for each address; triggers keep it with what happens to their orders. `spent` is
 * JSON: for each currency what was paid less what went back, in its minor units. `seq` is the order in which the shop came to
 * know them and the key of the index of words; a trigger counts `version` up with what that says.
 */
export const customers = sqliteTable(
  "customers",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    email: text("email").notNull().unique(),
    name: text("name"),
    version: integer("version").notNull().default(1),
    orders: integer("orders").notNull().default(0),
    spent: text("spent").notNull().default("{}"),
    lastOrderAt: integer("last_order_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [check("customers_email", sql`${t.email} = lower(${t.email})`)],
);
