import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Deployment, deploy } from "../../scripts/deploy/deploy.ts";
import { createWrangler } from "../../scripts/deploy/wrangler.ts";
import { sampleOf } from "../support/sample.ts";
import { CloudflareAccount } from "./deploy-account.ts";

const repository = resolve(import.meta.dirname, "../..");
/** A deployment starts wrangler about ten times. */
const TIMEOUT_MS = 600_000;

let account: CloudflareAccount;
let root: string;
let printed: string[];
let asked: string[];

/** A shop small enough to build in a moment, with this repository's wrangler.toml. */
function plantShop(): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-shop-"));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  cpSync(join(repository, ".dev.vars.example"), join(folder, ".dev.vars.example"));
  const toml = readFileSync(join(repository, "wrangler.toml"), "utf8")
    .replaceAll(/example\.workers\.dev/g, "shop.workers.dev")
    .replaceAll("orders@example.com", "orders@shop.test");
  const files = {
    "wrangler.toml": toml,
    "src/index.ts": `export default { fetch: () => new Response("well") };`,
    "public/robots.txt": "",
    "migrations/0000_start.sql": "CREATE TABLE products (id TEXT PRIMARY KEY) STRICT;",
    "migrations-search/0000_start.sql": "CREATE TABLE words (word TEXT PRIMARY KEY) STRICT;",
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function deployment(overrides: Partial<Deployment> = {}): Deployment {
  return {
    root,
    environment: "staging",
    wrangler: createWrangler(root, { ...process.env, ...account.env }, (text) =>
      printed.push(text),
    ),
    env: { STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRET: "whsec_1" },
    print: (line) => printed.push(line),
    fetch: async (input) => {
      asked.push(String(input));
      return new Response("ok");
    },
    healthPauseMs: 1,
    ...overrides,
  };
}

/** Everything was found in place. */
function expectNothingMade(): void {
  const creations = /^POST \/(d1\/database|r2\/buckets|queues)$|^PUT .*\/secrets$/;
  expect(account.requests.filter((call) => creations.test(call))).toEqual([]);
}

beforeEach(async () => {
  account = new CloudflareAccount();
  await account.listen();
  root = plantShop();
  printed = [];
  asked = [];
});

afterEach(async () => {
  await account.close();
  rmSync(root, { recursive: true, force: true });
});

async function bringsUpAnEmptyAccount(): Promise<void> {
  const ill = async () => new Response("database: unreachable", { status: 503 });
  await expect(deploy(deployment({ fetch: ill }))).rejects.toThrow("503 database: unreachable");
  const worker = account.workers.get("holdfast-staging");
  const tokenSecret = worker?.secrets.get("TOKEN_SECRET") ?? "";
  expect(tokenSecret).toMatch(/^[0-9a-f]{64}$/);
  expect(printed.join("\n")).not.toContain(tokenSecret);
  expect(worker?.secrets.get("STRIPE_SECRET_KEY")).toBe("sk_test_1");
  expect([...account.buckets]).toEqual(["holdfast-staging-images", "holdfast-staging-files"]);
  expect([...account.queues.keys()]).toEqual([
    "holdfast-staging-jobs-dead",
    "holdfast-staging-jobs",
    "holdfast-staging-deliveries",
  ]);
  const consumers = [...account.queues.values()].map((queue) => queue.consumers.length);
  expect(consumers).toEqual([1, 1, 1]);
  for (const [binding, name, table] of [
    ["DB", "holdfast-staging", "products"],
    ["SEARCH", "holdfast-staging-search", "words"],
  ] as const) {
    const database = account.databases.get(name);
    expect(worker?.bindings).toContainEqual({ name: binding, type: "d1", id: database?.uuid });
    const tables = `SELECT name FROM sqlite_schema WHERE name = '${table}'`;
    expect(database?.rows.prepare(tables).all()).toHaveLength(1);
  }

  const secrets = new Map(worker?.secrets);
  account.requests.length = 0;
  await deploy(deployment({ env: {} }));
  expectNothingMade();
  expect(worker).toMatchObject({ uploads: 2, secrets });
  expect(asked).toEqual(["https://holdfast-staging.shop.workers.dev/health"]);
  expect(printed.at(-1)).toContain("https://holdfast-staging.shop.workers.dev/webhooks/stripe");
  expect(readFileSync(join(root, "wrangler.toml"), "utf8")).not.toContain("database_id");
  expect(account.unknown).toEqual([]);
}

async function stopsAtAMissingSecret(): Promise<void> {
  await expect(deploy(deployment({ env: { STRIPE_SECRET_KEY: "sk_test_1" } }))).rejects.toThrow(
    "npx wrangler secret put STRIPE_WEBHOOK_SECRET --env staging",
  );
  expect(account.workers.size).toBe(0);
}

async function stopsAtARefusedUpload(): Promise<void> {
  account.refuse = /^PUT \/workers\/scripts\/holdfast-staging$/;
  await expect(deploy(deployment())).rejects.toThrow("The upload failed");
  expect(account.workers.size).toBe(0);
}

async function needsALogin(): Promise<void> {
  account.refuse = /^GET \/user/;
  await expect(deploy(deployment())).rejects.toThrow("npx wrangler login");
  expect(account.requests.filter((call) => !call.startsWith("GET "))).toEqual([]);
}

const CASES: readonly [string, () => Promise<void>][] = [
  [
    "brings up an empty account, stops when the Worker is not well, and finds all in place then",
    bringsUpAnEmptyAccount,
  ],
  ["stops at a missing secret", stopsAtAMissingSecret],
  ["stops at a refused upload", stopsAtARefusedUpload],
  ["creates nothing without a login", needsALogin],
];
const SOME = 2;

/** The rules that need no account are in deploy-decisions.test.ts. */
describe("npm run deploy", { timeout: TIMEOUT_MS }, () => {
  it.each(sampleOf("deployments", CASES, SOME))("%s", (_, happens) => happens());
});
