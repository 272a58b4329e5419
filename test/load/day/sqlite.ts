import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const MIGRATIONS = "migrations";

/** A new database of the shop in a file. */
export function openShop(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000");
  for (const name of readdirSync(MIGRATIONS).sort())
    if (name.endsWith(".sql")) database.exec(readFileSync(`${MIGRATIONS}/${name}`, "utf8"));
  return database;
}

class Prepared {
  readonly sql: string;
  readonly params: readonly unknown[];

  constructor(sql: string, params: readonly unknown[] = []) {
    this.sql = sql;
    this.params = params;
  }

  bind(...params: unknown[]): Prepared {
    return new Prepared(this.sql, params);
  }
}

type Value = string | number | null;

/** The same as the shop's own code knows it: the engine that D1 is made of, without the way to it. */
export function asD1(database: DatabaseSync): D1Database {
  const batch = async (statements: readonly Prepared[]) => {
    database.exec("BEGIN");
    try {
      const results = statements.map(({ sql, params }) => ({
        results: database.prepare(sql).all(...(params as Value[])),
      }));
      database.exec("COMMIT");
      return results;
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  const binding = { prepare: (sql: string) => new Prepared(sql), batch };
  return binding as unknown as D1Database; // `Database` only ever calls prepare, bind and batch
}

/** Bytes of the pages that have something on them: what is free is written over before the file grows. */
export function sizeOf(database: DatabaseSync): number {
  const read = (name: string) =>
    Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  return (read("page_count") - read("freelist_count")) * read("page_size");
}
