import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { scheduledUrl } from "../../scripts/dev/cron.ts";
import type { ReadyFile } from "../../scripts/dev/state.ts";
import { shopFile } from "./shop-file.ts";

const START_MS = 180_000;
/** Tests ask more, and faster, than a client may. */
const NO_LIMIT = "100000";
const PORTS_USED = 4;
const BUSY_MS = 5000;
const FIRST_PORT = 20_000;
/** For each of the programs that may look for ports at the same moment; all below those that the system hands out. */
const PORT_RANGE = 2000;
const RANGES = 6;

export interface ShopProcess extends ReadyFile {
  readonly folder: string;
  readonly port: number;
  /** Of `npm run dev`'s own program. */
  readonly pid: number;
  /** Runs what cron runs by this expression. */
  fire(cron: string): Promise<void>;
  /** Looks into the database file itself, or changes it. */
  database<T>(use: (database: DatabaseSync) => T): T;
  /** Ends it; `keep` leaves its data for another start in the same folder and on the same port. */
  stop(keep?: "keep"): Promise<void>;
}

interface Options {
  readonly variables?: Record<string, string>;
  /** `off`: nothing happens at the minute; whoever started it fires what they want to see. */
  readonly cron?: "off";
  /** A stopped shop to go on with. */
  readonly again?: Pick<ShopProcess, "folder" | "port">;
}

/** Runs `npm run dev`'s own program on free ports with an empty state folder; answers once it is ready. */
export async function startShop(options: Options = {}): Promise<ShopProcess> {
  const { variables = {}, cron, again } = options;
  const folder = again?.folder ?? mkdtempSync(join(tmpdir(), "holdfast-shop-"));
  const port = again?.port ?? (await findPorts());
  const flags = cron === "off" ? ["--no-cron"] : [];
  const child = spawn(process.execPath, ["scripts/dev.ts", ...flags], {
    env: {
      RATE_LIMIT_SCALE: NO_LIMIT,
      HOLDS_PER_CALLER: NO_LIMIT,
      DELAYED_PAYMENTS: "us_bank_account:14,sepa_debit:14,customer_balance:14",
      ...process.env,
      ...variables,
      PORT: String(port),
      HOLDFAST_STATE: folder,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  await untilReady(child);
  const ready = JSON.parse(readFileSync(join(folder, "dev.json"), "utf8")) as ReadyFile; // written by the program above
  const stop = async (keep?: "keep") => {
    await end(child);
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const fire = async (expression: string) => {
    const answer = await fetch(scheduledUrl(ready.url, expression));
    if (!answer.ok) throw new Error(`${expression}: ${answer.status} ${await answer.text()}`);
  };
  const database: ShopProcess["database"] = (use) => useDatabase(folder, use);
  return { ...ready, folder, port, pid: child.pid ?? 0, fire, database, stop };
}

function useDatabase<T>(folder: string, use: (database: DatabaseSync) => T): T {
  const options = { timeout: BUSY_MS, enableForeignKeyConstraints: false };
  const database = new DatabaseSync(shopFile(folder), options);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`The shop did not start:\n${said}`)), START_MS);
    const listen = (chunk: Buffer) => {
      said += String(chunk);
      if (!/^ready /m.test(said)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(`The shop ended:\n${said}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/** The first of the neighbouring ports that nobody listens on. */
export async function findPorts(): Promise<number> {
  const range = Number(process.env["VITEST_POOL_ID"] ?? 0) % RANGES;
  for (;;) {
    const port = FIRST_PORT + range * PORT_RANGE + Math.floor(Math.random() * PORT_RANGE);
    const free = await Promise.all(Array.from({ length: PORTS_USED }, (_, i) => isFree(port + i)));
    if (free.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
