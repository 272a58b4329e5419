// Run as a process of its own, so that wrangler's 150 MB leave memory when the work is done.
// Arguments: the folder given to `wrangler dev --persist-to`, the hash and the last characters of the API key.
// Says what it did in one line on stdout.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { D1Database, R2Bucket } from "@cloudflare/workers-types";
import { getPlatformProxy, unstable_splitSqlQuery as splitSql } from "wrangler";
import { seedApiKey, seedUsers } from "../seed/people.ts";
import { seedShop } from "../seed/seed.ts";

/** As wrangler creates it: `wrangler d1 migrations apply` goes on where this stops, and the other way round. */
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

const [persistTo, hash, hint] = process.argv.slice(2);
if (persistTo === undefined || hash === undefined || hint === undefined)
  throw new Error("needs three arguments: the folder to persist to, a key's hash, its hint");

const proxy = await getPlatformProxy<{ DB: D1Database; SEARCH: D1Database; IMAGES: R2Bucket }>({
  configPath: "wrangler.toml",
  persist: { path: join(persistTo, "v3") },
  envFiles: [],
});
try {
  const { DB, SEARCH, IMAGES } = proxy.env;
  const applied =
    (await applyMigrations(DB, "migrations")) +
    (await applyMigrations(SEARCH, "migrations-search"));
  const now = new Date();
  const products = await seedShop({ DB, IMAGES }, now);
  const users = await seedUsers(DB, now);
  await seedApiKey(DB, { hash, hint }, now);
  process.stdout.write(
    `${applied} migrations applied, ${products} products and ${users} users seeded\n`,
  );
} finally {
  await proxy.dispose();
}

/** Applies each new migration whole or not at all, and returns how many. */
async function applyMigrations(db: D1Database, folder: string): Promise<number> {
  await db.prepare(BOOKKEEPING).run();
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const known = new Set(results.map((row) => row.name));
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  const missing = files.sort().filter((name) => !known.has(name));
  for (const name of missing) await applyMigration(db, folder, name);
  return missing.length;
}

async function applyMigration(db: D1Database, folder: string, name: string): Promise<void> {
  const statements = splitSql(readFileSync(join(folder, name), "utf8"));
  const note = db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name);
  await db.batch([...statements.map((sql) => db.prepare(sql)), note]);
}
