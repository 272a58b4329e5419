import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { ReadyFile } from "../../../scripts/dev/state.ts";
import { makeStaffKey } from "./staff-key.ts";

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const PORTS_USED = 3;
const FIRST_PORT = 20_000;
const PORT_RANGE = 10_000;

declare module "vitest" {
  interface ProvidedContext {
    /** What `dev.json` says of the running shop. */
    readonly shop: ReadyFile;
  }
}

/** Starts the whole shop on free ports with fresh data; the returned function ends it. */
export default async function startShop(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-browser-"));
  const env = { ...process.env, PORT: String(await freePorts()), HOLDFAST_STATE: folder };
  const child = spawn(process.execPath, ["scripts/dev.ts"], { env });
  const shop = await ready(child, folder);
  project.provide("shop", { ...shop, adminApiKey: await makeStaffKey(shop.url, folder) });
  return async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
}

async function ready(child: ChildProcess, folder: string): Promise<ReadyFile> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!/^ready http/m.test(output)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`The shop did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return JSON.parse(readFileSync(join(folder, "dev.json"), "utf8"));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await exited;
}

/** The first of three neighbouring ports that nobody listens on. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = FIRST_PORT + Math.floor(Math.random() * PORT_RANGE);
    const ports = Array.from({ length: PORTS_USED }, (_, i) => first + i);
    const taken = await Promise.all(ports.map(isListening));
    if (!taken.includes(true)) return first;
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
