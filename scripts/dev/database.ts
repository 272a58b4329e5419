import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../../src/platform/hash.ts";
import type { HashedKey } from "../seed/people.ts";
import { startChild } from "./child.ts";
import { Refusal } from "./refusal.ts";
import { readJson, type StateFolder } from "./state.ts";
import { wranglerEnvironment } from "./worker.ts";

/** Of the shop's database, and of the index of words. */
const MIGRATION_FOLDERS = ["migrations", "migrations-search"];
const HINT_CHARS = 4;

/** Path of a migration → SHA-256 of its content. */
type Applied = Readonly<Record<string, string>>;

/** What is in the database already. */
interface Note {
  readonly migrations: Applied;
  readonly apiKey: HashedKey;
}

/**
 * Brings the local database up to date, fills an empty shop, and lets `apiKey` and the demo users in. Starting workerd
 * for it costs two seconds, so a note of what is applied is kept beside the data and an unchanged list starts nothing.
 */
export async function prepareDatabase(
  state: StateFolder,
  apiKey: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const key = { hash: await sha256(apiKey), hint: apiKey.slice(-HINT_CHARS) };
  const wanted: Note = { migrations: hashMigrations(), apiKey: key };
  const found = existsSync(join(state.worker, "v3", "d1"))
    ? readJson<Partial<Note>>(state.database)
    : undefined;
  refuseEdited(found?.migrations ?? {}, wanted.migrations);
  if (JSON.stringify(found) === JSON.stringify(wanted)) return "database up to date";
  const summary = await runPreparation(state, key, env);
  writeFileSync(state.database, `${JSON.stringify(wanted, null, 2)}\n`);
  return summary;
}

function hashMigrations(): Applied {
  const files = MIGRATION_FOLDERS.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .map((name) => join(folder, name)),
  );
  const hash = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
  return Object.fromEntries(files.sort().map((file) => [file, hash(file)]));
}

function refuseEdited(applied: Applied, wanted: Applied): void {
  const edited = Object.keys(applied).find((name) => wanted[name] !== applied[name]);
  if (edited === undefined) return;
  throw new Refusal(
    `${edited} is not what it was when it was applied to this data: start over with npm run dev -- --fresh.`,
  );
}

async function runPreparation(
  state: StateFolder,
  key: HashedKey,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const script = fileURLToPath(new URL("./prepare-database.ts", import.meta.url));
  const child = startChild(
    script,
    [state.worker, key.hash, key.hint],
    wranglerEnvironment(state, env),
  );
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  // wrangler talks on stdout too; what the script itself says comes last.
  if (code === 0) return output.trim().split("\n").at(-1) ?? "";
  throw new Refusal(`The database could not be prepared.\n${errors.trim() || output.trim()}`);
}
