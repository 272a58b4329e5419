import type { RunBatch, Sql } from "./database.ts";
import { plain, readSchema, tablesOf } from "./schema.ts";

type Row = Readonly<Record<string, unknown>>;

/** The rows of the shop's tables at some time, by the table's name. */
export type Moment = ReadonlyMap<string, readonly Row[]>;

/** Which ids were given out last: a restore puts that back, too. */
const SEQUENCES = "sqlite_sequence";
/** The index is a database of its own, which stays as it is, also where a history has both in one. */
const OF_THE_INDEX = new Set([
  "indexed_products",
  "indexed_orders",
  "indexed_customers",
  "index_state",
]);

export async function readMoment(run: RunBatch): Promise<Moment> {
  const tables = tablesOf(await readSchema(run)).filter((name) => !OF_THE_INDEX.has(name));
  const names = [...tables, SEQUENCES];
  const found = await run(names.map((name) => plain(`SELECT * FROM "${name}" ORDER BY rowid`)));
  return new Map(names.map((name, i) => [name, (found[i]?.results ?? []) as Row[]]));
}

/** The statements that put the tables back to a moment, whatever the triggers say, and leave the schema as it is. */
export async function puttingBack(run: RunBatch, moment: Moment): Promise<readonly Sql[]> {
  const triggers = (await readSchema(run)).filter(({ type }) => type === "trigger");
  const tables = [...moment];
  return [
    plain("PRAGMA defer_foreign_keys = on"),
    ...triggers.map(({ name }) => plain(`DROP TRIGGER "${name}"`)),
    ...tables.map(([name]) => plain(`DELETE FROM "${name}"`)),
    ...tables.filter(([name]) => name !== SEQUENCES).flatMap(insertingRows),
    // Ids that were given to rows count up the sequences.
    plain(`DELETE FROM ${SEQUENCES}`),
    ...insertingRows([SEQUENCES, moment.get(SEQUENCES) ?? []]),
    ...triggers.map(({ sql }) => plain(sql)),
  ];
}

function insertingRows([table, rows]: readonly [string, readonly Row[]]): Sql[] {
  const [first] = rows;
  if (first === undefined) return [];
  const columns = Object.keys(first);
  const names = columns.map((name) => `"${name}"`).join(", ");
  const values = columns.map((_, i) => `value ->> ${i}`).join(", ");
  const all = JSON.stringify(rows.map((row) => columns.map((name) => row[name])));
  const sql = `INSERT INTO "${table}" (${names}) SELECT ${values} FROM json_each(?)`;
  return [{ sql, params: [all] }];
}
