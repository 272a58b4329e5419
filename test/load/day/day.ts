/**
 * A day of 100,000 purchases, and what is left of it in the database once the purge has been through: after a week, after a
 * month, after a quarter, and after a year, which is for good. It fills by statements, through the shop's own triggers, and purges with the shop's
 * own task; one `checkout.session` event of 4,000 characters an order, as the shop asks Stripe for no other of a purchase.
 *
 *   npm run day                            100,000 purchases, as many pages that nobody paid at, twice as many holds
 *   npm run day -- --purchases 10000
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkInvariants } from "../../../src/audit/index.ts";
import type { Context } from "../../../src/platform/context.ts";
import { Database } from "../../../src/platform/db.ts";
import { Log } from "../../../src/platform/log.ts";
import { purge } from "../../../src/retention/index.ts";
import { DAY_MORE } from "../../simulation/world/retention-clock.ts";
import { fillCatalog, fillDay } from "./fill.ts";
import { asD1, openShop, sizeOf } from "./sqlite.ts";

const DAY_MS = 24 * 60 * 60_000;
const BEGINS = Date.UTC(2026, 0, 1);
const KIB = 1024;
/** What a paid order may leave for good, in bytes. */
const MOST_AN_ORDER = 4 * KIB;

const { values } = parseArgs({ options: { purchases: { type: "string", default: "100000" } } });
const purchases = Number(values.purchases);
if (!Number.isInteger(purchases) || purchases < 1)
  throw new Error("--purchases must be a number above 0.");
const day = { purchases, unpaid: purchases, holds: 2 * purchases, begins: BEGINS };

const folder = mkdtempSync(join(tmpdir(), "holdfast-day-"));
const database = openShop(join(folder, "shop.sqlite"));
let now = BEGINS;
const ctx = {
  db: new Database(asD1(database)),
  now: () => now,
  log: new Log({ event: "day" }),
  archive: undefined,
} as unknown as Context & { archive: undefined }; // what the purge uses of a context

const count = (table: string) =>
  Number(Object.values(database.prepare(`SELECT count(*) FROM ${table}`).get() ?? {})[0]);
const mib = (bytes: number) => `${(bytes / KIB / KIB).toFixed(1)} MiB`;

function report(when: string, empty: number): number {
  const size = sizeOf(database) - empty;
  const tables = ["orders", "reservations", "stock_movements", "outbox", "webhook_events"];
  const rows = tables.map((table) => `${table} ${count(table)}`).join(", ");
  console.log(`${when.padEnd(16)} ${mib(size).padStart(10)}   ${rows}`);
  return size;
}

/** Lets the purge run until there is nothing left for it. */
async function purgeAll(): Promise<void> {
  while (database.prepare(DAY_MORE).all(now).length > 0); // as if it had run on each day
  database.prepare("DELETE FROM idempotency_keys WHERE expires_at <= ?").run(now);
  for (let gone = await purge(ctx); Object.keys(gone).length > 0; gone = await purge(ctx)) {
    if (gone["failed"] !== undefined) throw new Error("The purge has failed.");
    process.stdout.write(".");
  }
  process.stdout.write("\n");
}

async function expectInvariants(): Promise<void> {
  const broken = (await checkInvariants(ctx.db, { now, underWayMs: 0 })).filter(
    ({ holds }) => !holds,
  );
  if (broken.length > 0) throw new Error(JSON.stringify(broken, null, 2));
}

try {
  fillCatalog(database, BEGINS);
  const empty = sizeOf(database);
  console.log(
    `Filling by statements: ${day.purchases} purchases, ${day.unpaid} unpaid orders, ${day.holds} holds without one`,
  );
  now = fillDay(database, day, (done) => process.stdout.write(`\r${Math.round(done * 100)} %`));
  process.stdout.write("\n");
  const full = report("after the day", empty);
  let left = full;
  for (const days of [8, 32, 92, 366]) {
    now = BEGINS + (days + 1) * DAY_MS;
    await purgeAll();
    left = report(`after ${days} days`, empty);
  }
  await expectInvariants();
  const each = Math.round(left / purchases);
  console.log(
    `\nEvery invariant holds. A paid order leaves ${each} bytes for good, of ${Math.round(full / purchases)} at its day's end with its share of what nobody paid.`,
  );
  console.log(`A database of 10 GB holds ${Math.floor(10e9 / each).toLocaleString("en")} of them.`);
  const over = each - MOST_AN_ORDER;
  console.log(`The budget is ${MOST_AN_ORDER}: ${over > 0 ? `${over} too many` : "kept"}.`);
} finally {
  database.close();
  rmSync(folder, { recursive: true, force: true });
}
