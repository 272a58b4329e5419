import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { checkInvariants } from "../../../src/audit/index.ts";

import { Database } from "../../../src/platform/db.ts";
import { Log } from "../../../src/platform/log.ts";
import type { RetentionContext } from "../../../src/retention/context.ts";
import { purge } from "../../../src/retention/index.ts";
import { DAY_MORE } from "../../simulation/world/retention-clock.ts";
import { fillCatalog, fillDay } from "./fill.ts";
import { asD1, openShop, sizeOf } from "./sqlite.ts";

const DAY_MS = 24 * 60 * 60_000;
const BEGINS = Date.UTC(2026, 0, 1);
/** After how many days the purge is let through. */
const LOOKS = [8, 32, 92, 366] as const;
const COUNTED = ["orders", "reservations", "stock_movements", "outbox", "webhook_events"];

/** Sizes in bytes, without what the empty shop has. */
export interface DayResult {
  readonly full: number;
  /** After a year, and for good: with what is free on pages that are not free. */
  readonly left: number;
  /** The same written anew, without that. */
  readonly packed: number;
}

export interface Look {
  readonly when: string;
  readonly bytes: number;
  /** Table → rows. */
  readonly rows: Readonly<Record<string, number>>;
}

export interface Listener {
  readonly filled: (done: number) => void;
  readonly purged: () => void;
  readonly looked: (look: Look) => void;
}

const NOBODY: Listener = { filled: () => {}, purged: () => {}, looked: () => {} };

/** Fills a day of so many purchases and lets a year go by. Throws when the purge fails, or an invariant is broken at the end. */
export async function measureDay(purchases: number, tell: Listener = NOBODY): Promise<DayResult> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-day-"));
  const database = openShop(join(folder, "shop.sqlite"));
  try {
    return await new Year(database, tell).pass(purchases);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Year {
  readonly #database: DatabaseSync;
  readonly #tell: Listener;
  readonly #ctx: RetentionContext;
  #now = BEGINS;
  #empty = 0;

  constructor(database: DatabaseSync, tell: Listener) {
    this.#database = database;
    this.#tell = tell;
    this.#ctx = {
      db: new Database(asD1(database)),
      now: () => this.#now,
      log: new Log({ event: "day" }),
      archive: undefined,
      // The day has none of both.
      images: { delete: () => Promise.resolve() },
      files: { delete: () => Promise.resolve(), list: () => Promise.resolve({ objects: [] }) },
    } as unknown as RetentionContext; // what the purge uses of a context
  }

  async pass(purchases: number): Promise<DayResult> {
    fillCatalog(this.#database, BEGINS);
    this.#empty = sizeOf(this.#database);
    this.#now = fillDay(this.#database, { purchases, begins: BEGINS }, this.#tell.filled);
    const full = this.#look("after the day");
    let left = full;
    for (const days of LOOKS) {
      this.#now = BEGINS + (days + 1) * DAY_MS;
      await this.#purgeAll();
      left = this.#look(`after ${days} days`);
    }
    await this.#expectInvariants();
    this.#database.exec("VACUUM");
    return { full, left, packed: this.#look("written anew") };
  }

  #look(when: string): number {
    const bytes = sizeOf(this.#database) - this.#empty;
    const count = (table: string) =>
      Number(this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
    const rows = Object.fromEntries(COUNTED.map((table) => [table, count(table)]));
    this.#tell.looked({ when, bytes, rows });
    return bytes;
  }

  /** Lets the purge run until there is nothing left for it. */
  async #purgeAll(): Promise<void> {
    while (this.#database.prepare(DAY_MORE).all(this.#now).length > 0); // as if it had run on each day
    this.#database.prepare("DELETE FROM idempotency_keys WHERE expires_at <= ?").run(this.#now);
    for (;;) {
      const gone = await purge(this.#ctx);
      if (gone["failed"] !== undefined) throw new Error("The purge has failed.");
      if (Object.keys(gone).length === 0) return;
      this.#tell.purged();
    }
  }

  async #expectInvariants(): Promise<void> {
    const found = await checkInvariants(this.#ctx.db, { now: this.#now, underWayMs: 0 });
    const broken = found.filter(({ holds }) => !holds);
    if (broken.length > 0) throw new Error(JSON.stringify(broken, null, 2));
  }
}
