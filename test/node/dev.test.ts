import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { ReadyFile } from "../../scripts/dev/state.ts";
import { DEMO_PASSWORD, DEMO_USERS } from "../../scripts/seed/demo-users.ts";
import { SHOP } from "../../scripts/seed/shop.ts";
import { SCOPES } from "../../src/platform/roles.ts";
import { descendantsOf, isRunning } from "../load/processes.ts";
import { shopFile } from "../load/shop-file.ts";
import { findPorts } from "../load/shop-process.ts";

const TIMEOUT_MS = 300_000;
const POLL_MS = 20;
const SOON = { timeout: 20_000 };
const PORTS_USED = 4;

const folder = mkdtempSync(join(tmpdir(), "holdfast-dev-"));
const port = await findPorts();
const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) await end(child);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("npm run dev", { timeout: TIMEOUT_MS }, () => {
  it("answers at each address it announces, and leaves nothing behind on Ctrl-C", async () => {
    const { child, ready, output } = await start();
    await expectAnswers(ready);
    await expectDoorsOpen(ready, output());
    const family = familyOf(child);

    expect(await end(child)).toBe(0);

    await expect.poll(() => family.filter(isRunning), SOON).toEqual([]);
    for (let offset = 0; offset < PORTS_USED; offset += 1) {
      expect(await isListening(port + offset)).toBe(false);
    }
    expect(existsSync(join(folder, "dev.json"))).toBe(false);
  });

  it("seeds each product once, its opening stock as the first row of the ledger, and keeps data and keys", async () => {
    const before = await stoppedShop();
    const levels = before.shop.levels.map(({ sku, level }) => [sku, level]);
    const stocks = SHOP.flatMap(({ variants }) => variants.map(({ sku, stock }) => [sku, stock]));
    expect(before.shop.products).toHaveLength(SHOP.length);
    expect(Object.fromEntries(levels)).toEqual(Object.fromEntries(stocks));
    expect(before.shop.levels.every(({ level, ledger }) => level === ledger)).toBe(true);
    expect(before.shop.keys).toHaveLength(1);

    // Without the note the preparation runs again on the data as it is.
    rmSync(join(folder, "database.json"));
    const { child, ready } = await start();
    await end(child);

    expect(await stoppedShop()).toEqual(before);
    expect(ready.adminApiKey).toBe(before.secrets.adminApiKey);
  });

  it("starts over with --fresh, and takes its children along when it is killed outright", async () => {
    const before = await stoppedShop();
    const { child, ready } = await start("--fresh");
    await fetch(ready.mailExamplesUrl); // which starts what builds them
    const { products, keys } = readShop();
    const family = familyOf(child);

    await end(child, "SIGKILL");

    await expect.poll(() => family.filter(isRunning), SOON).toEqual([]);
    expect(ready.adminApiKey).not.toBe(before.secrets.adminApiKey);
    expect(products).toHaveLength(SHOP.length);
    expect(products).not.toEqual(before.shop.products);
    expect(keys).toHaveLength(1);
    expect(keys).not.toEqual(before.shop.keys);
  });

  it("says in one sentence that a port is taken", async () => {
    const squatter = createServer().listen(port + 1, "127.0.0.1");
    try {
      const { code, output } = await runToEnd({});
      expect(code).toBe(1);
      expect(output.trim()).toMatch(new RegExp(`^Port ${port + 1}, .* is taken: .*\\.$`));
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  it("says in one sentence that it does not know a flag", async () => {
    const { code, output } = await runToEnd({}, "--frehs");
    expect(code).toBe(1);
    expect(output.trim()).toMatch(/^Unknown argument in "--frehs": .*\.$/);
  });

  it("ends with one sentence about a variable that is wrong", async () => {
    const { code, output } = await runToEnd({ HOLDS_PER_CALLER: "many" });
    expect(code).toBe(1);
    expect(output.match(/HOLDS_PER_CALLER/g)).toHaveLength(1);
    expect(output.trim().split("\n").at(-1)).toMatch(
      /^The configuration is not usable: .*HOLDS_PER_CALLER.*\.$/,
    );
  });
});

async function expectAnswers(ready: ReadyFile): Promise<void> {
  expect(ready).toEqual({
    url: `http://localhost:${port}`,
    adminApiKey: expect.stringMatching(/^hf_[0-9A-Za-z]{36,46}$/),
    users: DEMO_USERS.map(({ email, role }) => ({ email, password: DEMO_PASSWORD, role })),
    stripeUrl: `http://localhost:${port + 1}`,
    stripeWebhookSecret: expect.stringMatching(/^whsec_/),
    mailUrl: `http://localhost:${port + 2}`,
    mailExamplesUrl: `http://localhost:${port + 3}`,
  });
  expect((await fetch(`${ready.url}/health`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  expect((await fetch(ready.stripeUrl)).status).toBeLessThan(500);
  expect(await (await fetch(`${ready.mailUrl}/inbox`)).text()).toContain("Inbox");
  expect(await (await fetch(ready.mailExamplesUrl)).text()).toContain("mail.receipt");
  const { data } = await ask(ready, "GET", `/products/${SHOP[0]?.slug}`);
  const picture = await fetch(data.images[0].url);
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/webp"]);
  expect(data.images[0]).toMatchObject({ width: 800, height: 800 });
}

/** The demo users can sign in, and the key may do everything. */
async function expectDoorsOpen(ready: ReadyFile, output: string): Promise<void> {
  for (const { email, password, role } of ready.users) {
    expect(output).toContain(email);
    const answer = await ask(ready, "POST", "/auth/login", { email, password });
    expect(answer).toMatchObject({ data: { user: { email, role, emailVerified: true } } });
  }
  expect(output).toContain(DEMO_PASSWORD);
  const { data } = await ask(ready, "GET", "/api-keys");
  expect(data).toEqual([
    expect.objectContaining({
      name: "npm run dev",
      hint: ready.adminApiKey.slice(-4),
      scopes: SCOPES,
      createdBy: "dev",
    }),
  ]);
  expect(await ask(ready, "GET", "/inventory")).toHaveProperty("data");
}

const familyOf = ({ pid = 0 }: ChildProcess) => descendantsOf(pid).map((child) => child.pid);

/** What a shop has kept that ran here before; it runs once for it, if none has. */
async function stoppedShop() {
  if (!existsSync(join(folder, "database.json"))) await end((await start()).child);
  const secrets = JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8"));
  return { shop: readShop(), secrets };
}

type Variables = Readonly<Record<string, string>>;

function launch(args: readonly string[], variables: Variables = {}) {
  const env = { ...process.env, PORT: String(port), HOLDFAST_STATE: folder, ...variables };
  const child = spawn(process.execPath, ["scripts/dev.ts", ...args], { env });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return { child, output: () => output };
}

interface Started {
  readonly child: ChildProcess;
  readonly ready: ReadyFile;
  readonly output: () => string;
}

async function start(...args: string[]): Promise<Started> {
  const { child, output } = launch(args);
  const readyLine = new RegExp(`^ready http://localhost:${port}$`, "m");
  while (!readyLine.test(output())) {
    if (child.exitCode !== null) throw new Error(`ended before it was ready:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { child, output, ready: JSON.parse(readFileSync(join(folder, "dev.json"), "utf8")) };
}

/** One call to the API with the key, and its body. */
async function ask(ready: ReadyFile, method: string, path: string, body?: object) {
  const headers = {
    Authorization: `Bearer ${ready.adminApiKey}`,
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
  };
  const options = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
  return (await fetch(`${ready.url}/api/v1${path}`, options)).json();
}

async function runToEnd(variables: Variables, ...args: string[]) {
  const { child, output } = launch(args, variables);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  running.delete(child);
  return { code, output: output() };
}

async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
  running.delete(child);
  if (child.exitCode !== null) return child.exitCode;
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.kill(signal);
  return exited;
}

/** The seeded data, read from the file itself: this test needs no route of the Worker but /health. */
function readShop() {
  const db = new DatabaseSync(shopFile(folder), { readOnly: true });
  const products = db.prepare("SELECT id, slug, created_at FROM products ORDER BY seq").all();
  const levels = db
    .prepare(
      `SELECT l.sku, l.on_hand AS level, COALESCE(SUM(m.on_hand_delta), 0) AS ledger
      FROM stock_levels l LEFT JOIN stock_movements m ON m.sku = l.sku AND m.kind = 'receive'
      GROUP BY l.sku ORDER BY l.sku`,
    )
    .all()
    .map(({ sku, level, ledger }) => ({ sku: String(sku), level, ledger }));
  const keys = db.prepare("SELECT id, hash FROM api_keys").all();
  const users = db.prepare("SELECT id, email FROM users ORDER BY id").all();
  db.close();
  return { products, levels, keys, users };
}

function isListening(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
