import type { RunBatch, Sql } from "./database.ts";

/** Written by migrations, not by the shop. */
const KEPT = new Set(["state_transitions", "role_scopes", "retention"]);
const INTERNAL = /^(sqlite_|_cf_|d1_migrations$)/;

/** A table, trigger, view or index, and the statement that made it. */
type Made = Readonly<Record<"type" | "name" | "sql", string>>;

export const plain = (sql: string): Sql => ({ sql, params: [] });

export async function readSchema(run: RunBatch): Promise<readonly Made[]> {
  const [found] = await run([plain("SELECT type, name, sql FROM sqlite_master ORDER BY rowid")]);
  return (found?.results ?? []) as Made[];
}

/** The names of the tables that the shop writes. */
export function tablesOf(schema: readonly Made[]): string[] {
  const virtual = schema
    .filter(({ sql }) => /^CREATE VIRTUAL TABLE/i.test(sql ?? ""))
    .map(({ name }) => name);
  return schema
    .filter(
      ({ type, name }) =>
        type === "table" &&
        !KEPT.has(name) &&
        !INTERNAL.test(name) &&
        !virtual.some((one) => name === one || name.startsWith(`${one}_`)),
    )
    .map(({ name }) => name);
}
