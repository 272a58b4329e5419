import { env } from "cloudflare:workers";
import { runOnD1, type Sql } from "../simulation/world/database.ts";
import { rows, settle } from "./world.ts";

const run = runOnD1(env.DB);
const plain = (sql: string): Sql => ({ sql, params: [] });

/** Tables that are made of others, or that the shop does not write. */
const NOT_TAKEN = /^(sqlite_|_cf_|d1_|state_transitions$|products_search)/;

/**
 * Takes the database as it is, and answers how to put it back to this moment, as D1's Time Travel does: every row of
 * then, and none of what came after, whatever the triggers say.
 */
export async function takeMoment(): Promise<() => Promise<void>> {
  await settle();
  const schema = await rows<Record<"type" | "name" | "sql", string>>(
    "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'trigger')",
  );
  const names = schema
    .filter(({ type, name }) => type === "table" && !NOT_TAKEN.test(name))
    .map(({ name }) => name);
  const taken: Sql[] = [];
  for (const name of names)
    for (const row of await rows<Record<string, unknown>>(`SELECT * FROM "${name}"`)) {
      const columns = Object.keys(row);
      const sql = `INSERT INTO "${name}" ("${columns.join('", "')}") VALUES (${columns.map(() => "?").join(", ")})`;
      taken.push({ sql, params: Object.values(row) });
    }
  const triggers = schema.filter(({ type }) => type === "trigger");
  return async () => {
    await run([
      plain("PRAGMA defer_foreign_keys = on"),
      ...triggers.map(({ name }) => plain(`DROP TRIGGER "${name}"`)),
      ...names.map((name) => plain(`DELETE FROM "${name}"`)),
      ...taken,
      ...triggers.map(({ sql }) => plain(sql)),
    ]);
  };
}
