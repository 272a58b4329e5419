import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { looksLikeApiKey, newApiKey } from "../../src/identity/api-keys/api-key-secret.ts";
import type { Role } from "../../src/platform/roles.ts";
import { Refusal } from "./refusal.ts";

const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

/** Everything this program writes lives under these names, so that starting over deletes nothing else. */
const NAMES = {
  worker: "worker",
  logs: "logs",
  registry: "registry",
  secrets: "secrets.json",
  variables: "worker.env",
  database: "database.json",
  stripe: "stripe.json",
  ready: "dev.json",
  lock: "dev.pid",
} as const;

export type StateFolder = { readonly [Name in keyof typeof NAMES]: string };

export interface Secrets {
  readonly adminApiKey: string;
  readonly tokenSecret: string;
  readonly stripeSecretKey: string;
  readonly stripeWebhookSecret: string;
  readonly resendApiKey: string;
}

/** What `dev.json` tells to scripts; its presence means that everything answers. */
export interface ReadyFile {
  readonly url: string;
  /** An API key with every scope. */
  readonly adminApiKey: string;
  /** Who can sign in. */
  readonly users: readonly {
    readonly email: string;
    readonly password: string;
    readonly role: Role;
  }[];
  readonly stripeUrl: string;
  readonly stripeWebhookSecret: string;
  readonly mailUrl: string;
  /** Every mail with sample data. */
  readonly mailExamplesUrl: string;
}

/** Creates the folder if needed, takes it for this process, and clears it when asked to start over. */
export function openStateFolder(folder: string, fresh: boolean): StateFolder {
  mkdirSync(folder, { recursive: true });
  const state = pathsIn(folder);
  refuseSecondInstance(state);
  if (fresh)
    for (const path of Object.values(state)) rmSync(path, { recursive: true, force: true });
  rmSync(state.ready, { force: true });
  writeFileSync(state.lock, `${process.pid}\n`);
  return state;
}

/** Takes back what must not outlive the process. */
export function closeStateFolder(state: StateFolder): void {
  rmSync(state.ready, { force: true });
  rmSync(state.lock, { force: true });
}

export function announceReady(state: StateFolder, ready: ReadyFile): void {
  writeFileSync(state.ready, `${JSON.stringify(ready, null, 2)}\n`, { mode: OWNER_ONLY });
}

/** The secrets of this folder: made at the first start, the same ever after, so that links and keys keep working. */
export async function loadSecrets(state: StateFolder): Promise<Secrets> {
  const known: Partial<Secrets> = readJson(state.secrets) ?? {};
  const knownKey = known.adminApiKey ?? "";
  const secrets: Secrets = {
    adminApiKey: (await looksLikeApiKey(knownKey)) ? knownKey : await newApiKey(),
    tokenSecret: known.tokenSecret ?? randomToken(),
    stripeSecretKey: known.stripeSecretKey ?? `sk_test_${randomToken()}`,
    stripeWebhookSecret: known.stripeWebhookSecret ?? `whsec_${randomToken()}`,
    resendApiKey: known.resendApiKey ?? `re_${randomToken()}`,
  };
  writeFileSync(state.secrets, `${JSON.stringify(secrets, null, 2)}\n`, { mode: OWNER_ONLY });
  return secrets;
}

/** The content of a JSON file of ours, or undefined when it is not there. */
export function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}

function pathsIn(folder: string): StateFolder {
  const entries = Object.entries(NAMES).map(([name, file]) => [name, join(folder, file)]);
  return Object.fromEntries(entries) as StateFolder;
}

function refuseSecondInstance(state: StateFolder): void {
  if (!existsSync(state.lock)) return;
  const pid = Number(readFileSync(state.lock, "utf8"));
  if (!isAlive(pid)) return;
  throw new Refusal(
    `Process ${pid} already runs on this data: end it, choose another folder with HOLDFAST_STATE, or delete ${state.lock} if it is something else.`,
  );
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function randomToken(): string {
  return randomBytes(SECRET_BYTES).toString("hex");
}
