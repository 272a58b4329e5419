/**
 * Writes the next migration from the schema files, or with `--check` verifies the ones that exist.
 *
 *   npm run db:generate -- --name add-orders             from the schema files
 *   npm run db:generate -- --name guard-stock --custom   an empty one, for triggers
 *   npm run db:generate -- --check                       changes nothing; for CI
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const repository = resolve(import.meta.dirname, "..");
const BREAKPOINT = "--> statement-breakpoint";
const SUCCESS = /No schema changes|Your SQL migration|Prepared empty file/;
const NAME = /^[a-z0-9]+(?:[-_][a-z0-9]+)*$/;

interface Journal {
  entries: { tag: string }[];
}

/** Makes every table that a generated migration creates STRICT; drizzle-kit has no option for it. */
export function makeTablesStrict(sql: string): string {
  return sql
    .split(BREAKPOINT)
    .map((statement) =>
      /^\s*CREATE TABLE\b/i.test(statement)
        ? statement.replace(/\)\s*;?(\s*)$/, ") STRICT;$1")
        : statement,
    )
    .join(BREAKPOINT);
}

/** What a migration may not contain, as sentences; empty when it is fine. */
export function findForbiddenSql(sql: string): string[] {
  const code = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  const problems: string[] = [];
  if (code.includes("__new_")) {
    problems.push(
      "rebuilds a table (__new_), which drops the old one with its triggers: add a column or a table instead",
    );
  }
  if (/\bON\s+DELETE\s+CASCADE\b/i.test(code)) {
    problems.push("uses ON DELETE CASCADE: delete the children by name");
  }
  const drops = code.matchAll(/\bDROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?[`"[]?(\w+)/gi);
  for (const [, table] of drops) {
    if (table !== undefined && !table.startsWith("__new_")) {
      problems.push(`drops the table ${table}: its rows would be lost`);
    }
  }
  return problems;
}

function sqlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort();
}

function readJournal(folder: string): string[] {
  const path = join(folder, "meta", "_journal.json");
  if (!existsSync(path)) return [];
  const journal: Journal = JSON.parse(readFileSync(path, "utf8"));
  return journal.entries.map((entry) => `${entry.tag}.sql`);
}

/** Applies the migrations to an empty database and looks at the tables that come out of it. */
function inspectAppliedTables(folder: string): string[] {
  const database = new DatabaseSync(":memory:");
  const problems: string[] = [];
  try {
    for (const file of sqlFiles(folder)) {
      try {
        database.exec(readFileSync(join(folder, file), "utf8"));
      } catch (cause) {
        return [`${file}: does not apply to a database made by those before it: ${cause}`];
      }
    }
    const tables = database
      .prepare(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'",
      )
      .all();
    for (const { name, strict } of tables) {
      if (!String(name).startsWith("sqlite_") && strict !== 1) {
        problems.push(`the table ${name} is not STRICT: end its CREATE TABLE with ") STRICT;"`);
      }
    }
  } finally {
    database.close();
  }
  return problems;
}

/** Every rule about a folder of migrations that can be seen without the schema. */
export function inspectMigrations(folder: string): string[] {
  const files = sqlFiles(folder);
  const journal = readJournal(folder);
  const forbidden = files.flatMap((file) =>
    findForbiddenSql(readFileSync(join(folder, file), "utf8")).map(
      (problem) => `${file}: ${problem}`,
    ),
  );
  const unlisted = files.filter((file) => !journal.includes(file));
  const missing = journal.filter((file) => !files.includes(file));
  return [
    ...forbidden,
    ...unlisted.map((file) => `${file}: not in meta/_journal.json; make it with --custom`),
    ...missing.map((file) => `${file}: in meta/_journal.json, but there is no such file`),
    ...inspectAppliedTables(folder),
  ];
}

/**
 * Runs drizzle-kit on a copy, so that a refused migration leaves nothing behind.
 * Its exit code is 0 after most errors, so only its own words for success count.
 */
function generate(root: string, copy: string, flags: string[], interactive: boolean): void {
  const command = [
    join(repository, "node_modules/drizzle-kit/bin.cjs"),
    "generate",
    "--dialect=sqlite",
    "--schema=./src/**/schema.ts",
    `--out=${relative(root, copy)}`,
    ...flags,
  ];
  const run = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  const output = `${run.stdout}${run.stderr}`;
  if (run.status === 0 && SUCCESS.test(output)) return;
  if (interactive && output.includes("require a TTY")) {
    const answer = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
    if (answer.status === 0) return;
  }
  throw new Error(`drizzle-kit generate failed\n${output}`);
}

/** A copy inside the repository, because drizzle-kit takes no absolute folder. */
function copyMigrations(root: string): string {
  mkdirSync(join(root, ".wrangler"), { recursive: true });
  const copy = mkdtempSync(join(root, ".wrangler", "migrations-"));
  const source = join(root, "migrations");
  if (existsSync(join(source, "meta", "_journal.json"))) cpSync(source, copy, { recursive: true });
  return copy;
}

/** Problems of the committed migrations, agreement with the schema files included. */
export function checkMigrations(root: string): string[] {
  const folder = join(root, "migrations");
  const files = sqlFiles(folder);
  if (files.length === 0) return ["there are no migrations"];
  const copy = copyMigrations(root);
  try {
    generate(root, copy, ["--name=check"], false);
    const added = sqlFiles(copy).filter((file) => !files.includes(file));
    const drift = added.map(
      (file) =>
        `the schema files say more than the migrations: run npm run db:generate\n${readFileSync(join(copy, file), "utf8")}`,
    );
    return [...inspectMigrations(folder), ...drift];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Writes the next migration; returns the new file's name, or undefined when the schema did not change. */
export function writeMigration(
  root: string,
  options: { name: string; custom: boolean; interactive: boolean },
): string | undefined {
  if (!NAME.test(options.name)) throw new Error("--name takes lower-case words and dashes");
  const copy = copyMigrations(root);
  try {
    const flags = [`--name=${options.name}`, ...(options.custom ? ["--custom"] : [])];
    generate(root, copy, flags, options.interactive);
    const before = sqlFiles(join(root, "migrations"));
    const [added] = sqlFiles(copy).filter((file) => !before.includes(file));
    if (added === undefined) return undefined;
    const path = join(copy, added);
    writeFileSync(path, makeTablesStrict(readFileSync(path, "utf8")));
    const problems = inspectMigrations(copy);
    if (problems.length > 0) {
      throw new Error(
        `refused, nothing was written:\n${problems.join("\n")}\n${readFileSync(path, "utf8")}`,
      );
    }
    mkdirSync(join(root, "migrations"), { recursive: true });
    cpSync(copy, join(root, "migrations"), { recursive: true });
    return added;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      name: { type: "string" },
      custom: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
    },
  });
  if (values.check) {
    const problems = checkMigrations(repository);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    console.log(
      `${sqlFiles(join(repository, "migrations")).length} migrations agree with the schema`,
    );
    return;
  }
  if (values.name === undefined) throw new Error("say what it does: --name add-orders");
  const added = writeMigration(repository, {
    name: values.name,
    custom: values.custom,
    interactive: true,
  });
  console.log(added === undefined ? "nothing to do" : `wrote migrations/${added}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(`db:generate: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
