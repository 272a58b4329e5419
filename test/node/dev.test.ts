import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { ReadyFile } from "../../scripts/dev/state.ts";
import { DEMO_PASSWORD, DEMO_USERS } from "../../scripts/seed/demo-users.ts";
import { SHOP } from "../../scripts/seed/shop.ts";
import { SCOPES } from "../../src/platform/roles.ts";

const TIMEOUT_MS = 300_000;
const POLL_MS = 20;
const SOON = { timeout: 20_000 };
const PORTS_USED = 4;

const folder = mkdtempSync(join(tmpdir(), "holdfast-dev-"));
const port = await freePorts();
const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) await end(child);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("npm run dev", { timeout: TIMEOUT_MS }, () => {
  it("answers at each address it announces", async () => {
    const { ready } = await start();

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
    const picture = await fetch(`${ready.url}/images/${SHOP[0]?.slug}.svg`);
    expect(picture.headers.get("content-type")).toBe("image/svg+xml");
  });

  it("lets the demo users sign in, and the key do everything", async () => {
    const { ready, output } = await start();

    for (const { email, password, role } of ready.users) {
      expect(output()).toContain(email);
      const answer = await ask(ready, "POST", "/auth/login", { email, password });
      expect(answer).toMatchObject({ data: { user: { email, role, emailVerified: true } } });
    }
    expect(output()).toContain(DEMO_PASSWORD);
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
  });

  it("leaves no process and no listener behind on Ctrl-C", async () => {
    const { child, ready } = await start();
    await fetch(ready.mailExamplesUrl); // which starts what builds them
    const family = descendantsOf(child.pid);

    expect(await end(child)).toBe(0);

    await expect.poll(() => family.filter((pid) => isRunning(pid)), SOON).toEqual([]);
    for (let offset = 0; offset < PORTS_USED; offset += 1) {
      expect(await isListening(port + offset)).toBe(false);
    }
    expect(existsSync(join(folder, "dev.json"))).toBe(false);
  });

  it("takes its children along when it is killed outright", async () => {
    const { child, ready } = await start();
    await fetch(ready.mailExamplesUrl); // which starts what builds them
    const family = descendantsOf(child.pid);

    await end(child, "SIGKILL");

    await expect.poll(() => family.filter((pid) => isRunning(pid)), SOON).toEqual([]);
  });

  it("seeds each product once, its opening stock as the first row of the ledger", async () => {
    const { child } = await start();
    await end(child);
    const before = readShop();
    // Without the note the preparation runs again on the data as it is.
    rmSync(join(folder, "database.json"));
    const again = await start();
    await end(again.child);

    const variants = SHOP.flatMap((product) => product.variants);
    expect(before.products).toHaveLength(SHOP.length);
    expect(Object.fromEntries(before.levels.map(({ sku, level }) => [sku, level]))).toEqual(
      Object.fromEntries(variants.map((variant) => [variant.sku, variant.stock])),
    );
    expect(before.levels.every(({ level, ledger }) => level === ledger)).toBe(true);
    expect(readShop()).toEqual(before);
  });

  it("keeps its data and keys until --fresh starts over", async () => {
    const first = await start();
    await end(first.child);
    const shop = readShop();
    const second = await start();
    await end(second.child);
    expect(second.ready).toEqual(first.ready);
    expect(readShop()).toEqual(shop);
    expect(shop.keys).toHaveLength(1);

    const fresh = await start("--fresh");
    await end(fresh.child);

    expect(fresh.ready.adminApiKey).not.toBe(first.ready.adminApiKey);
    expect(readShop().products).toHaveLength(SHOP.length);
    expect(readShop().products).not.toEqual(shop.products);
    expect(readShop().keys).toHaveLength(1);
    expect(readShop().keys).not.toEqual(shop.keys);
  });

  it("says in one sentence that a port is taken", async () => {
    const squatter = createServer().listen(port + 1, "127.0.0.1");
    try {
      const { code, output } = await runToEnd();
      expect(code).toBe(1);
      expect(output.trim()).toMatch(new RegExp(`^Port ${port + 1}, .* is taken: .*\\.$`));
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  it("says in one sentence that it does not know a flag", async () => {
    const { code, output } = await runToEnd("--frehs");
    expect(code).toBe(1);
    expect(output.trim()).toMatch(/^Unknown argument in "--frehs": .*\.$/);
  });
});

function launch(...args: string[]): { child: ChildProcess; output: () => string } {
  const env = { ...process.env, PORT: String(port), HOLDFAST_STATE: folder };
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
  const { child, output } = launch(...args);
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

async function runToEnd(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(...args);
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
  const pattern = "worker/v3/d1/miniflare-D1DatabaseObject/*.sqlite";
  const file = globSync(pattern, { cwd: folder }).find((name) => !name.endsWith("metadata.sqlite"));
  const db = new DatabaseSync(join(folder, file ?? "missing"), { readOnly: true });
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

/** Process ids below this one, from /proc; none where there is no /proc. */
function descendantsOf(pid: number | undefined): number[] {
  if (pid === undefined || !existsSync("/proc")) return [];
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const children = ids.map(Number).filter((id) => statOf(id)?.parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** A process that has ended but that nobody has waited for (a zombie) does not run. */
function isRunning(pid: number): boolean {
  const state = statOf(pid)?.state;
  return state !== undefined && state !== "Z";
}

function statOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function isListening(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** The first of four neighbouring ports that nobody listens on. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const taken = await Promise.all([first, first + 1, first + 2, first + 3].map(isListening));
    if (!taken.includes(true)) return first;
  }
}
