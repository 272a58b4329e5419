import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Secrets } from "../../scripts/dev/state.ts";
import { descendantsOf, killOutright, type Process } from "./processes.ts";
import { type ShopProcess, startShop } from "./shop-process.ts";

const REVIVAL_MS = 20_000;
const PROBE_MS = 1000;
const POLL_MS = 50;
const EVERY_MINUTE = "* * * * *";
const EVERY_FIVE = "*/5 * * * *";

/** What is killed: the process of the Worker, its database and its queues, or that and everything around it that wrangler runs. */
export const VICTIMS = ["worker", "runtime"] as const;
export type Victim = (typeof VICTIMS)[number];

/** A shop whose runtime can be killed. The emulated Stripe forgets nothing, as the real one would not. */
export class KillableShop {
  #shop: ShopProcess;
  #alive = true;
  #minutes = 0;
  /** How often the program around it, and with it the mail service, has been started. */
  starts = 1;

  private constructor(shop: ShopProcess) {
    this.#shop = shop;
  }

  static async start(): Promise<KillableShop> {
    return new KillableShop(await startShop({ cron: "off" }));
  }

  get addresses(): Pick<ShopProcess, "url" | "stripeUrl" | "mailUrl" | "adminApiKey"> {
    return this.#shop;
  }

  get stripeSecretKey(): string {
    const text = readFileSync(join(this.#shop.folder, "secrets.json"), "utf8");
    return (JSON.parse(text) as Secrets).stripeSecretKey; // written by `npm run dev`'s program
  }

  /** SIGKILL; resolves when it is dead. */
  async kill(victim: Victim): Promise<void> {
    const family = descendantsOf(this.#shop.pid);
    await killOutright(
      victim === "worker" ? [this.#workerOf(family)] : family.map(({ pid }) => pid),
    );
    // The program around it then ends by itself, in order, which is how the emulators keep what they know.
    if (victim === "runtime") await this.#shop.stop("keep");
    this.#alive = victim === "worker";
  }

  /** On the same files and the same port. What wrangler does not start again by itself, the program around it is for. */
  async revive(): Promise<void> {
    if (this.#alive && (await this.#answers())) return;
    await this.#shop.stop("keep");
    this.#shop = await startShop({ cron: "off", again: this.#shop });
    this.starts += 1;
    this.#alive = true;
  }

  stop(): Promise<void> {
    return this.#shop.stop();
  }

  /** Looks into the database file itself, or changes it. */
  database<T>(use: (database: DatabaseSync) => T): T {
    return this.#shop.database(use);
  }

  /** Brings everything that waits for its time nearer by this much. */
  passTime(milliseconds: number): void {
    this.database((database) =>
      database.exec(`BEGIN IMMEDIATE;
        UPDATE reservations SET expires_at = expires_at - ${milliseconds} WHERE status = 'held';
        UPDATE idempotency_keys SET locked_until = locked_until - ${milliseconds} WHERE locked_until IS NOT NULL;
        UPDATE webhook_events SET wake_at = wake_at - ${milliseconds} WHERE wake_at IS NOT NULL;
        UPDATE outbox SET wake_at = wake_at - ${milliseconds} WHERE wake_at IS NOT NULL;
        COMMIT;`),
    );
  }

  /** Runs what cron runs in a minute, in every fifth one that is called for also what comes every five. */
  async sweep(): Promise<void> {
    this.#minutes += 1;
    await this.#shop.fire(EVERY_MINUTE);
    if (this.#minutes % 5 === 0) await this.#shop.fire(EVERY_FIVE);
  }

  #workerOf(family: readonly Process[]): number {
    const front = `entry=127.0.0.1:${this.#shop.port} `;
    const workers = family.filter(
      ({ command }) => /workerd serve/.test(command) && !command.includes(front),
    );
    const [worker] = workers;
    if (worker === undefined || workers.length > 1) {
      throw new Error(`Expected one process of the Worker, found ${workers.length}`);
    }
    return worker.pid;
  }

  async #answers(): Promise<boolean> {
    const deadline = Date.now() + REVIVAL_MS;
    while (Date.now() < deadline) {
      const signal = AbortSignal.timeout(PROBE_MS);
      const answer = await fetch(`${this.#shop.url}/health`, { signal }).catch(() => undefined);
      if (answer?.ok === true) return true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return false;
  }
}
