import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { newApiKey } from "../../../src/identity/api-keys/api-key-secret.ts";
import { sha256 } from "../../../src/platform/hash.ts";
import { searchFile, shopFile } from "../../load/shop-file.ts";

/** Far more, and faster, than a client may ask: no answer that is measured is a 429. */
const NO_LIMIT = "100000";
const HINT_CHARS = 4;
export const STRIPE_WEBHOOK_SECRET = "whsec_bench";

/** The files of a shop, and what its Worker has to be told. */
export interface Sample {
  readonly folder: string;
  /** The folder in it that holds the databases, as miniflare lays them out. */
  readonly state: string;
  readonly variables: Readonly<Record<string, string>>;
  /** An API key with every scope. */
  readonly apiKey: string;
}

const folders: string[] = [];

/** A folder that is gone when this program ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  if (folders.length === 0) process.once("exit", removeFolders);
  folders.push(folder);
  return folder;
}

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

interface Wanted {
  readonly root: string;
  readonly stripeUrl: string;
  /** Orders, with all that belongs to them; 0 leaves the shop as it is seeded. */
  readonly rows: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** A new shop of this checkout: migrated and seeded by its own program for that, then filled. */
export async function makeSample({ root, stripeUrl, rows, seed, say }: Wanted): Promise<Sample> {
  const folder = temporaryFolder();
  const apiKey = await newApiKey();
  const args = [join(folder, "worker"), await sha256(apiKey), apiKey.slice(-HINT_CHARS)];
  await runIn(root, join(root, "scripts/dev/prepare-database.ts"), args);
  if (rows > 0) {
    const words = searchFile(folder);
    const filling = [shopFile(folder), String(rows), String(seed), ...(words ? [words] : [])];
    await runIn(root, fillerOf(root), filling, say).catch((cause: unknown) => {
      const advice =
        "Where its tables are not ours and it has no bench, measure both with --rows 0.";
      throw new Error(`The shop of ${root} could not be filled. ${advice}`, { cause });
    });
  }
  return {
    ...{ folder, apiKey, state: stateIn(folder) },
    variables: {
      TOKEN_SECRET: randomBytes(32).toString("hex"),
      STRIPE_SECRET_KEY: "sk_test_bench",
      STRIPE_WEBHOOK_SECRET,
      STRIPE_API_URL: stripeUrl,
      PUBLIC_URL: "https://shop.example.com",
      RATE_LIMIT_SCALE: NO_LIMIT,
      HOLDS_PER_CALLER: NO_LIMIT,
    },
  };
}

/** The same shop in files of its own. Nothing may run on the first ones meanwhile. */
export function copySample(sample: Sample): Sample {
  const folder = temporaryFolder();
  cpSync(sample.state, stateIn(folder), { recursive: true });
  return { ...sample, folder, state: stateIn(folder) };
}

const stateIn = (folder: string) => join(folder, "worker", "v3");

/** A checkout knows its own tables; one from before there was a bench has ours. */
function fillerOf(root: string): string {
  const own = join(root, "test/bench/rows/fill.ts");
  return existsSync(own) ? own : resolve(import.meta.dirname, "../rows/fill.ts");
}

function runIn(
  root: string,
  script: string,
  args: readonly string[],
  say: (line: string) => void = () => undefined,
): Promise<void> {
  const child = spawn(process.execPath, ["--no-warnings", script, ...args], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let problems = "";
  child.stderr.on("data", (chunk: Buffer) => {
    problems += chunk.toString();
  });
  createInterface({ input: child.stdout }).on("line", say);
  return new Promise((settle, reject) => {
    child.once("close", (code) =>
      code === 0 ? settle() : reject(new Error(`${script} failed in ${root}.\n${problems}`)),
    );
  });
}
