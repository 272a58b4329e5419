import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 10_000;

/** A redis-server of our own: on a socket in its own folder, in memory only. */
export class RedisProcess {
  readonly socket: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, socket: string) {
    this.#child = child;
    this.#folder = folder;
    this.socket = socket;
  }

  /** Throws when there is no redis-server on this machine. */
  static async start(): Promise<RedisProcess> {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-redis-"));
    const socket = join(folder, "redis.sock");
    const memoryOnly = ["--save", "", "--appendonly", "no"];
    const child = spawn(
      "redis-server",
      ["--port", "0", "--unixsocket", socket, "--dir", folder, ...memoryOnly],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const started = new RedisProcess(child, folder, socket);
    process.once("exit", () => started.#end());
    await untilReady(child);
    return started;
  }

  /** It hangs: connections stay open, nothing is answered. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#end();
    await ended;
  }

  #end(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string) => reject(new Error(`redis-server ${why}\n${said}`));
    const timer = setTimeout(() => fail("did not start in time"), START_MS);
    child.stdout?.on("data", (chunk: Buffer) => {
      said += String(chunk);
      if (!/ready to accept connections/i.test(said)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once("error", ({ message }) => fail(`cannot be run: ${message}`));
    child.once("exit", () => fail("ended"));
  });
}
