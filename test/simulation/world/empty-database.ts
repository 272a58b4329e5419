import type { RunBatch, Sql } from "./database.ts";

/** Written by migrations, not by the shop. */
const KEPT = new Set(["state_transitions", "role_scopes", "retention"]);
/** The rows that a new database has, and that the shop changes. */
const BEGINNINGS = [
  "INSERT INTO order_numbers (id, next) VALUES (1, 1001)",
  "INSERT INTO opening (id, opened_from, asked_from) VALUES (1, 1001, 1001)",
  "INSERT INTO retention_clock (id, now) VALUES (1, 0)",
];
const INTERNAL = /^(sqlite_|_cf_|d1_migrations$)/;

const plain = (sql: string): Sql => ({ sql, params: [] });

/** The statements that leave the index as it is for a shop without products: full. */
export const EMPTY_INDEX: readonly Sql[] = [
  plain("INSERT INTO product_words (product_words) VALUES ('delete-all')"),
  plain("DELETE FROM indexed_products"),
  plain("REPLACE INTO index_state (only, generation, through, filled) VALUES (1, 1, 0, 1)"),
];

/** The statements that take every row out of the tables, whatever the triggers say, and leave the schema as it is. */
export async function emptying(run: RunBatch): Promise<readonly Sql[]> {
  const [found] = await run([plain("SELECT type, name, tbl_name, sql FROM sqlite_master")]);
  const schema = (found?.results ?? []) as Record<"type" | "name" | "tbl_name" | "sql", string>[];
  const virtual = schema
    .filter(({ sql }) => /^CREATE VIRTUAL TABLE/i.test(sql ?? ""))
    .map(({ name }) => name);
  const tables = schema.filter(
    ({ type, name }) =>
      type === "table" &&
      !KEPT.has(name) &&
      !INTERNAL.test(name) &&
      !virtual.some((one) => name === one || name.startsWith(`${one}_`)),
  );
  const inTheWay = schema.filter(
    ({ type, sql }) => type === "trigger" && /(BEFORE|AFTER) DELETE/i.test(sql),
  );
  return [
    plain("PRAGMA defer_foreign_keys = on"),
    ...inTheWay.map(({ name }) => plain(`DROP TRIGGER IF EXISTS "${name}"`)),
    ...tables.map(({ name }) => plain(`DELETE FROM "${name}"`)),
    plain("DELETE FROM sqlite_sequence"),
    ...BEGINNINGS.map(plain),
    ...inTheWay.map(({ sql }) => plain(sql)),
  ];
}
