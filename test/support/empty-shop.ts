import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { overD1, type Sql } from "../simulation/world/database.ts";
import { emptying } from "../simulation/world/empty-database.ts";

const SCHEMA: Sql = { sql: "SELECT type, name, sql FROM sqlite_master ORDER BY name", params: [] };

interface Migrated {
  readonly emptying: readonly Sql[];
  readonly schema: string;
}

const run = overD1(env.DB);
let migrated: Migrated | undefined;

/** A new database as the migrations make it, and nothing in any other storage of the runtime. */
export async function renewShop(): Promise<void> {
  await reset();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  const statements = [...(await emptying(run)), SCHEMA];
  migrated = { emptying: statements, schema: JSON.stringify((await run([SCHEMA]))[0]?.results) };
}

/** Takes every row out; a database whose schema a test has changed is replaced by a new one. */
export async function emptyShop(): Promise<void> {
  if (migrated === undefined) return renewShop();
  const schema = (await run(migrated.emptying)).at(-1)?.results;
  if (JSON.stringify(schema) !== migrated.schema) await renewShop();
}
