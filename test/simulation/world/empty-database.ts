import type { RunBatch, Sql } from "./database.ts";
import { plain, readSchema, tablesOf } from "./schema.ts";

/** The rows that a new database has, and that the shop changes. */
const BEGINNINGS = [
  "INSERT INTO order_numbers (id, next) VALUES (1, 1001)",
  "INSERT INTO opening (id, opened_from, asked_from) VALUES (1, 1001, 1001)",
  "INSERT INTO zone_offsets (since, offset_ms) VALUES (0, 0)",
  "INSERT INTO retention_clock (id, now) VALUES (1, 0)",
];

/** The statements that leave the index as it is for an empty shop: full. */
export const EMPTY_INDEX: readonly Sql[] = [
  plain("INSERT INTO product_words (product_words) VALUES ('delete-all')"),
  plain("DELETE FROM indexed_products"),
  plain("INSERT INTO order_words (order_words) VALUES ('delete-all')"),
  plain("DELETE FROM indexed_orders"),
  plain("DELETE FROM customer_words"),
  plain("DELETE FROM indexed_customers"),
  plain(`REPLACE INTO index_state (kind, generation, through, filled)
    VALUES ('products', 1, 0, 1), ('orders', 1, 0, 1), ('customers', 1, 0, 1)`),
];

/** The statements that take every row out of the tables, whatever the triggers say, and leave the schema as it is. */
export async function emptying(run: RunBatch): Promise<readonly Sql[]> {
  const schema = await readSchema(run);
  const inTheWay = schema.filter(
    ({ type, sql }) => type === "trigger" && /(BEFORE|AFTER) DELETE/i.test(sql),
  );
  return [
    plain("PRAGMA defer_foreign_keys = on"),
    ...inTheWay.map(({ name }) => plain(`DROP TRIGGER IF EXISTS "${name}"`)),
    ...tablesOf(schema).map((name) => plain(`DELETE FROM "${name}"`)),
    plain("DELETE FROM sqlite_sequence"),
    ...BEGINNINGS.map(plain),
    ...inTheWay.map(({ sql }) => plain(sql)),
  ];
}
