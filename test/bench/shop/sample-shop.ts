import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newApiKey } from "../../../src/identity/api-keys/api-key-secret.ts";
import { sha256 } from "../../../src/platform/hash.ts";

/** Far more, and faster, than a client may ask: no answer that is measured is a 429. */
const NO_LIMIT = "100000";
const HINT_CHARS = 4;
export const STRIPE_WEBHOOK_SECRET = "whsec_bench";

/** The files of a shop, and what its Worker has to be told. */
export interface Sample {
  /** The folder that holds the databases, as miniflare lays them out. */
  readonly state: string;
  readonly variables: Readonly<Record<string, string>>;
  /** An API key with every scope. */
  readonly apiKey: string;
}

const folders: string[] = [];

/** A folder that is gone when this program ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  if (folders.length === 0) process.once("exit", removeFolders);
  folders.push(folder);
  return folder;
}

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** A new shop of this checkout, migrated and seeded by its own program for that. */
export async function makeSample(root: string, stripeUrl: string): Promise<Sample> {
  const folder = temporaryFolder();
  const apiKey = await newApiKey();
  await prepareDatabase(root, [folder, await sha256(apiKey), apiKey.slice(-HINT_CHARS)]);
  return {
    state: join(folder, "v3"),
    apiKey,
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
  const state = join(temporaryFolder(), "v3");
  cpSync(sample.state, state, { recursive: true });
  return { ...sample, state };
}

function prepareDatabase(root: string, args: readonly string[]): Promise<void> {
  const script = join(root, "scripts/dev/prepare-database.ts");
  const child = spawn(process.execPath, ["--no-warnings", script, ...args], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((settle, reject) => {
    child.once("close", (code) =>
      code === 0 ? settle() : reject(new Error(`${root}: the database was not made.\n${said}`)),
    );
  });
}
