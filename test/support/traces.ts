import { rows } from "./world.ts";

/** Each column of text in each table of the shop. */
async function textColumns(): Promise<{ table: string; column: string }[]> {
  return rows(`SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '\\_cf%' ESCAPE '\\' AND upper(c.type) = 'TEXT'
    ORDER BY 1, 2`);
}

/** Where in the database one of these words stands, in any case, as `table.column`. */
export async function tracesOf(words: readonly string[]): Promise<string[]> {
  const columns = await textColumns();
  if (columns.length < 150) throw new Error("Too few columns are looked at.");
  const found: string[] = [];
  for (let at = 0; at < columns.length; at += 40) {
    const asked = columns.slice(at, at + 40).map(
      ({ table, column }) =>
        `SELECT '${table}.${column}' AS at FROM "${table}", json_each(?1) word
         WHERE instr(lower("${column}"), lower(word.value)) > 0`,
    );
    const part = await rows<{ at: string }>(asked.join(" UNION "), JSON.stringify(words));
    found.push(...part.map((one) => one.at));
  }
  return found.sort();
}
