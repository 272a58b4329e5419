/**
 * A day of 100,000 purchases, and what is left of it in the database once the purge has been through: after a week, after a
 * month, after a quarter, and after a year, which is for good. It fills by statements, through the shop's own triggers, and purges with the shop's
 * own task; one `checkout.session` event of 4,000 characters an order, as the shop asks Stripe for no other of a purchase.
 *
 *   npm run day                            100,000 purchases, as many pages that nobody paid at, twice as many holds
 *   npm run day -- --purchases 10000
 */
import { parseArgs } from "node:util";
import { type Look, measureDay } from "./measure-day.ts";

const KIB = 1024;
/** What a paid order may leave for good, in bytes. */
const MOST_AN_ORDER = 4 * KIB;
/** What a database of D1 may be, in bytes. */
const DATABASE = 10e9;

const { values } = parseArgs({ options: { purchases: { type: "string", default: "100000" } } });
const purchases = Number(values.purchases);
if (!Number.isInteger(purchases) || purchases < 1)
  throw new Error("--purchases must be a number above 0.");

function show({ when, bytes, rows }: Look): void {
  const mib = `${(bytes / KIB / KIB).toFixed(1)} MiB`;
  const counts = Object.entries(rows).map(([table, count]) => `${table} ${count}`);
  console.log(`\n${when.padEnd(16)} ${mib.padStart(10)}   ${counts.join(", ")}`);
}

const shown = (count: number) => count.toLocaleString("en");

console.log(
  `Filling by statements: ${shown(purchases)} purchases, as many unpaid orders, twice as many holds without one`,
);
const { full, left, packed } = await measureDay(purchases, {
  filled: (done) => process.stdout.write(`\r${Math.round(done * 100)} %`),
  purged: () => process.stdout.write("."),
  looked: show,
});
const each = (bytes: number) => Math.round(bytes / purchases);
const room = (bytes: number) => shown(Math.floor(DATABASE / each(bytes)));
console.log(`
Every invariant holds. Bytes a paid order:
${shown(each(full)).padStart(8)} at its day's end, with its share of what nobody paid
${shown(each(left)).padStart(8)} for good, with the gaps between that this has left: 10 GB hold ${room(left)}
${shown(each(packed)).padStart(8)} for good, written anew, as an export and its import do: 10 GB hold ${room(packed)}
The budget is ${shown(MOST_AN_ORDER)} for what it writes: ${each(packed) > MOST_AN_ORDER ? "exceeded" : "kept"}.`);
