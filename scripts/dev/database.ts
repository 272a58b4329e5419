import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "./child.ts";
import { Refusal } from "./refusal.ts";
import { readJson, type StateFolder } from "./state.ts";
import { wranglerEnvironment } from "./worker.ts";

const MIGRATIONS_FOLDER = "migrations";

/** Migration file name → SHA-256 of its content. */
type Applied = Readonly<Record<string, string>>;

/**
 * Brings the local database up to date and fills an empty shop. Starting workerd for it costs two seconds, so
 * a note of what is applied is kept beside the data and an unchanged list starts nothing.
 */
export async function prepareDatabase(state: StateFolder, env: NodeJS.ProcessEnv): Promise<string> {
  const wanted = hashMigrations();
  const applied = existsSync(join(state.worker, "v3", "d1"))
    ? (readJson<Applied>(state.database) ?? {})
    : {};
  refuseEdited(applied, wanted);
  const isCurrent = Object.keys(wanted).every((name) => name in applied);
  if (isCurrent && existsSync(state.database)) return "database up to date";
  const summary = await runPreparation(state, env);
  writeFileSync(state.database, `${JSON.stringify(wanted, null, 2)}\n`);
  return summary;
}

function hashMigrations(): Applied {
  if (!existsSync(MIGRATIONS_FOLDER)) return {};
  const files = readdirSync(MIGRATIONS_FOLDER).filter((name) => name.endsWith(".sql"));
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(MIGRATIONS_FOLDER, name)))
      .digest("hex");
  return Object.fromEntries(files.sort().map((name) => [name, hash(name)]));
}

function refuseEdited(applied: Applied, wanted: Applied): void {
  const edited = Object.keys(applied).find((name) => wanted[name] !== applied[name]);
  if (edited === undefined) return;
  throw new Refusal(
    `${MIGRATIONS_FOLDER}/${edited} is not what it was when it was applied to this data: start over with npm run dev -- --fresh.`,
  );
}

async function runPreparation(state: StateFolder, env: NodeJS.ProcessEnv): Promise<string> {
  const script = fileURLToPath(new URL("./prepare-database.ts", import.meta.url));
  const child = startChild(script, [state.worker], wranglerEnvironment(state, env));
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  // wrangler talks on stdout too; what the script itself says comes last.
  if (code === 0) return output.trim().split("\n").at(-1) ?? "";
  throw new Refusal(`The database could not be prepared.\n${errors.trim() || output.trim()}`);
}
