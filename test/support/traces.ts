import { env } from "cloudflare:workers";
import { rows } from "./world.ts";

interface Column {
  readonly table: string;
  readonly column: string;
}

/** Each column of text in each table of the shop, by table. */
async function textColumns(): Promise<Map<string, string[]>> {
  const found = await rows<Column>(`SELECT t.name AS "table", c.name AS "column"
    FROM sqlite_master t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT GLOB '_cf*' AND upper(c.type) = 'TEXT'`);
  if (found.length < 150) throw new Error("Too few columns are looked at.");
  const byTable = new Map<string, string[]>();
  for (const { table, column } of found)
    byTable.set(table, [...(byTable.get(table) ?? []), column]);
  return byTable;
}

/** Where in the database one of these words stands, in any case, as `table.column`. */
export async function tracesOf(words: readonly string[]): Promise<string[]> {
  const asked = [...(await textColumns())].map(([table, columns]) => {
    const values = columns.map((name) => `'${table}.${name}', t."${name}"`).join();
    return env.DB.prepare(
      `SELECT DISTINCT cell.key AS at FROM "${table}" t, json_each(json_object(${values})) cell, json_each(?) word
       WHERE instr(lower(cell.value), lower(word.value)) > 0`,
    ).bind(JSON.stringify(words));
  });
  const found = await env.DB.batch<{ at: string }>(asked);
  return found.flatMap(({ results }) => results.map(({ at }) => at)).sort();
}
