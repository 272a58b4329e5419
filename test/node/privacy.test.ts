import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { FORGETTING, NAMES_NOBODY } from "../../src/privacy/forgetting/policy.ts";

const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const squeezed = (text: string) => text.replaceAll(/ +/g, " ");

describe("The policy of who is forgotten", () => {
  it("is the same in the documentation, line by line", () => {
    const text = squeezed(readFileSync("docs/PRIVACY.md", "utf8"));
    const said = [
      ...Object.entries(FORGETTING).map(([table, what]) => row(`\`${table}\``, what)),
      ...Object.entries(NAMES_NOBODY).map(([table, why]) => row(`\`${table}\``, why)),
    ];
    expect(said.filter((line) => !text.includes(line))).toEqual([]);
  });

  it("says of every table what becomes of it, or why it names nobody", () => {
    const database = new DatabaseSync(":memory:");
    for (const file of readdirSync("migrations").sort())
      if (file.endsWith(".sql")) database.exec(readFileSync(`migrations/${file}`, "utf8"));
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ name }) => String(name));
    const decided = [...Object.keys(FORGETTING), ...Object.keys(NAMES_NOBODY)];
    expect(decided.sort()).toEqual(tables.sort());
  });
});
