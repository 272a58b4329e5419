import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  checkMigrations,
  findForbiddenSql,
  inspectMigrations,
  makeTablesStrict,
  writeMigration,
} from "../../scripts/generate-migration.ts";

const repository = resolve(import.meta.dirname, "../..");
let root: string;

function writeSchema(columns: string): void {
  writeFileSync(
    join(root, "src/catalog/schema.ts"),
    `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
     export const products = sqliteTable("products", { id: text("id").primaryKey(), ${columns} });`,
  );
}

function migrate(name: string, custom = false): string | undefined {
  return writeMigration(root, { name, custom, interactive: false });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "holdfast-migrations-"));
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "src/catalog"), { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("npm run db:generate", () => {
  it("writes strict tables, leaves room for triggers, and agrees with the schema", () => {
    writeSchema(`stock: integer("stock").notNull()`);
    expect(checkMigrations(root)).toEqual(["there are no migrations"]);
    expect(migrate("start")).toBe("0000_start.sql");
    expect(migrate("again")).toBeUndefined();
    expect(migrate("triggers", true)).toBe("0001_triggers.sql");
    expect(readFileSync(join(root, "migrations/0000_start.sql"), "utf8")).toMatch(/\) STRICT;\s*$/);
    expect(checkMigrations(root)).toEqual([]);
  });

  it("refuses a change that rebuilds a table, and leaves nothing behind", () => {
    writeSchema(`stock: integer("stock").notNull()`);
    migrate("start");
    writeSchema(`stock: integer("stock")`);
    expect(() => migrate("nullable")).toThrow("rebuilds a table");
    expect(readdirSync(join(root, "migrations"))).toEqual(["0000_start.sql", "meta"]);
    expect(existsSync(join(root, "migrations/meta/0001_snapshot.json"))).toBe(false);
  });

  it("fails the check when the schema says more than the migrations", () => {
    writeSchema(`stock: integer("stock").notNull()`);
    migrate("start");
    writeSchema(`stock: integer("stock").notNull(), name: text("name")`);
    expect(checkMigrations(root).join()).toContain("ADD `name`");
  });

  it("fails on a schema that drizzle-kit cannot read", () => {
    writeSchema("nonsense(");
    expect(() => migrate("start")).toThrow("drizzle-kit generate failed");
  });
});

describe("the migrations check", () => {
  function plant(files: Record<string, string>): string {
    const folder = join(root, "migrations");
    mkdirSync(join(folder, "meta"), { recursive: true });
    const entries = Object.keys(files).map((file) => ({ tag: file.replace(".sql", "") }));
    writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ entries }));
    for (const [file, sql] of Object.entries(files)) writeFileSync(join(folder, file), sql);
    return folder;
  }

  it("finds a table that is not strict, among virtual tables and triggers that are fine", () => {
    const folder = plant({
      "0000_a.sql": `CREATE TABLE a (id TEXT) STRICT;
        CREATE TABLE b (id TEXT);
        CREATE VIRTUAL TABLE found USING fts5(id);
        CREATE TRIGGER t BEFORE UPDATE ON a BEGIN SELECT RAISE(ABORT, 'no'); END;`,
    });
    expect(inspectMigrations(folder)).toEqual([expect.stringContaining("b is not STRICT")]);
  });

  it("finds a file that is not in the journal, and one that does not apply", () => {
    const folder = plant({ "0000_a.sql": "CREATE TABLE a (id TEXT) STRICT;" });
    writeFileSync(join(folder, "0001_stray.sql"), "ALTER TABLE nowhere ADD x TEXT;");
    expect(inspectMigrations(folder)).toEqual([
      expect.stringContaining("0001_stray.sql: not in meta/_journal.json"),
      expect.stringContaining("no such table: nowhere"),
    ]);
  });

  it.each([
    ["DROP TABLE `orders`;", "drops the table orders"],
    ["drop table if exists orders;", "drops the table orders"],
    ["CREATE TABLE `__new_a` (id TEXT) STRICT;", "rebuilds a table"],
    ["x TEXT REFERENCES a(id) ON DELETE\n CASCADE", "ON DELETE CASCADE"],
  ])("refuses %s", (sql, problem) => {
    expect(findForbiddenSql(sql)).toEqual([expect.stringContaining(problem)]);
    expect(findForbiddenSql(`-- ${sql.replaceAll("\n", " ")}\nSELECT 1;`)).toEqual([]);
  });

  it("makes tables strict and leaves the rest as it is", () => {
    const index = "CREATE INDEX i ON a (id);";
    const sql = `CREATE TABLE a (id TEXT, CHECK (id > ''));\n--> statement-breakpoint\n${index}`;
    expect(makeTablesStrict(sql)).toBe(
      `CREATE TABLE a (id TEXT, CHECK (id > '')) STRICT;\n--> statement-breakpoint\n${index}`,
    );
  });
});
