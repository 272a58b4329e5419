import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { ELSEWHERE, POLICY, STAYS } from "../../src/retention/policy.ts";

const DAY_MS = 24 * 60 * 60_000;

function shopDatabase(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const file of readdirSync("migrations").sort())
    if (file.endsWith(".sql")) database.exec(readFileSync(`migrations/${file}`, "utf8"));
  return database;
}

const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** The table of the policy, as the documentation has it. */
function drawn(): string[] {
  const lines = Object.values(POLICY).map(({ what, since, afterMs, to }) =>
    row(what, `${afterMs / DAY_MS} days after ${since}`, to),
  );
  const others = ELSEWHERE.map(({ what, since, after, to }) =>
    row(what, `${after} after ${since}`, to),
  );
  return [...lines, ...others];
}

const squeezed = (text: string) => text.replaceAll(/ +/g, " ");

describe("The policy of what goes", () => {
  const database = shopDatabase();

  it("is the same in the database", () => {
    const found = database.prepare("SELECT what, after_ms FROM retention").all();
    const said = Object.entries(POLICY).map(([what, { afterMs }]) => [what, afterMs]);
    expect(Object.fromEntries(found.map((one) => [one["what"], one["after_ms"]]))).toEqual(
      Object.fromEntries(said),
    );
  });

  it("is the same in the documentation, line by line", () => {
    const text = squeezed(readFileSync("docs/RETENTION.md", "utf8"));
    expect(drawn().filter((line) => !text.includes(line))).toEqual([]);
    const stays = Object.entries(STAYS).map(([table, why]) => row(`\`${table}\``, why));
    expect(stays.filter((line) => !text.includes(line))).toEqual([]);
  });

  it("says of every table whether it goes or why it stays", () => {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ name }) => String(name));
    const going = [...Object.values(POLICY), ...ELSEWHERE].flatMap((line) => [...line.tables]);
    expect(new Set([...going, ...Object.keys(STAYS)])).toEqual(new Set(tables));
    expect(Object.keys(STAYS).filter((table) => going.includes(table))).toEqual([]);
  });

  it("finds by an index what refers to a row that goes: the database looks for that with each", () => {
    const going = new Set<string>(Object.values(POLICY).flatMap(({ tables }) => [...tables]));
    const keys = database
      .prepare(`SELECT t.name AS child, k.id, k."table" AS parent, group_concat('"' || k."from" || '" = 1', ' AND ') AS same
        FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table' GROUP BY 1, 2, 3`)
      .all()
      .filter(({ parent }) => going.has(String(parent)));
    expect(keys.length).toBeGreaterThan(10);
    const scanned = keys.filter(({ child, same }) => {
      const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT 1 FROM "${child}" WHERE ${same}`);
      return plan.all().some(({ detail }) => String(detail).startsWith("SCAN"));
    });
    expect(scanned).toEqual([]);
  });
});
