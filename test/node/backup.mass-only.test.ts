import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const repository = resolve(import.meta.dirname, "../..");
const WRANGLER = join(repository, "node_modules/wrangler/bin/wrangler.js");
const LINKED = ["node_modules", "src", "migrations", "migrations-search", "package.json"];
let root: string;

/** `npx wrangler d1 …`, for a database of this test's own: an export always reads the one below its folder. */
function d1(...args: string[]) {
  const env = { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false" };
  const command = [WRANGLER, "d1", ...args, "--local"];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    ...{ cwd: root, env, encoding: "utf8" },
  });
  return { status, said: stdout + stderr };
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "holdfast-backup-")));
  copyFileSync(join(repository, "wrangler.toml"), join(root, "wrangler.toml"));
  for (const one of LINKED) symlinkSync(join(repository, one), join(root, one));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const NAMES = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2";

describe("npx wrangler d1 export", () => {
  it("writes the whole database as SQL, which makes it again with every guard", () => {
    expect(d1("migrations", "apply", "DB").status).toBe(0);
    const made = `INSERT INTO products (id, slug, title, description, status, price_from, units_sold, created_at, updated_at)
      VALUES ('prod_1', 'mug', 'Mug – 手作り', '', 'active', 1900, 0, 1, 1)`;
    expect(d1("execute", "DB", "--command", made).said).not.toContain("ERROR");
    const file = join(root, "backup.sql");
    expect(d1("export", "DB", "--output", file)).toMatchObject({ status: 0 });

    const again = new DatabaseSync(":memory:");
    again.exec(readFileSync(file, "utf8"));
    expect(again.prepare("SELECT title FROM products").all()).toEqual([{ title: "Mug – 手作り" }]);
    const migrated = new DatabaseSync(":memory:");
    const migrations = readdirSync(join(repository, "migrations")).filter((name) =>
      name.endsWith(".sql"),
    );
    for (const one of migrations)
      migrated.exec(readFileSync(join(repository, "migrations", one), "utf8"));
    const ours = (database: DatabaseSync) =>
      database
        .prepare(NAMES)
        .all()
        .filter(({ name }) => name !== "d1_migrations");
    expect(ours(again)).toEqual(ours(migrated));
    expect(ours(again).filter(({ type }) => type === "trigger").length).toBeGreaterThan(50);
  });
});
