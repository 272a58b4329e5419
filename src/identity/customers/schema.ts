import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Whoever has registered or bought, a row for each address; triggers keep it with what happens to their orders. `spent` is
 * JSON: for each currency what was paid less what went back, in its minor units. `nameFolded` is the name in plain letters.
 */
export const customers = sqliteTable(
  "customers",
  {
    id: text("id").primaryKey(),
    email: text("email").notNull().unique(),
    name: text("name"),
    nameFolded: text("name_folded"),
    orders: integer("orders").notNull().default(0),
    spent: text("spent").notNull().default("{}"),
    lastOrderAt: integer("last_order_at"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [
    check("customers_email", sql`${t.email} = lower(${t.email})`),
    index("customers_by_name").on(t.nameFolded, t.id).where(sql`"name_folded" IS NOT NULL`),
  ],
);
