import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { runOnD1, type Sql } from "../simulation/world/database.ts";
import { EMPTY_INDEX, emptying } from "../simulation/world/empty-database.ts";

const SCHEMA: Sql = { sql: "SELECT type, name, sql FROM sqlite_master ORDER BY name", params: [] };

interface Migrated {
  readonly emptying: readonly Sql[];
  readonly schema: string;
}

const run = runOnD1(env.DB);
const runOnIndex = runOnD1(env.SEARCH);
let migrated: Migrated | undefined;

/** New databases as the migrations make them, and nothing in any other storage of the runtime. */
export async function renewShop(): Promise<void> {
  await reset();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  await applyD1Migrations(env.SEARCH, env.TEST_SEARCH_MIGRATIONS);
  await runOnIndex(EMPTY_INDEX);
  const statements = [...(await emptying(run)), SCHEMA];
  migrated = { emptying: statements, schema: JSON.stringify((await run([SCHEMA]))[0]?.results) };
}

/** Takes every row out; a database whose schema a test has changed is replaced by a new one. */
export async function emptyShop(): Promise<void> {
  if (migrated === undefined) return renewShop();
  const [rows] = await Promise.all([run(migrated.emptying), runOnIndex(EMPTY_INDEX)]);
  if (JSON.stringify(rows.at(-1)?.results) !== migrated.schema) await renewShop();
}
