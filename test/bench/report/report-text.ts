import type { DropResult, Rush } from "../drop/drop.ts";
import { type Growth, grows } from "../growth/measure-growth.ts";
import type { CheckoutResult, Results } from "../measure/measure-all.ts";
import type { Spent, TimeOfRoute } from "../profile/where-time-goes.ts";
import type { WithoutIndex } from "../without/without-index.ts";
import { formatTable, routesTable, whole } from "./table.ts";

const MOST_PARTS = 25;
const STATEMENT_CHARS = 90;

/** All of it as a person reads it. */
export function reportText(results: Results): string {
  const { routes, drop, shop, against, profile = [], without, growth } = results;
  if (without !== undefined) return withoutTable(without);
  const parts = [
    ...(routes.length === 0 ? [] : [routesTable(routes)]),
    ...(growth === undefined ? [] : [growthTable(growth)]),
    ...profile.map(profileTable),
    ...(drop === undefined ? [] : [dropTable(drop)]),
    ...(shop === undefined ? [] : [costsTable(shop, against), partsTable(shop, against)]),
  ];
  return parts.join("\n\n");
}

function withoutTable({ index, bytes, statements, different }: WithoutIndex): string {
  const found = `${different.length} of ${statements} statements are different without ${index}, and ${whole(bytes)} bytes are free.`;
  const rows = different.map(({ sql, before, after }) => [
    sql.replaceAll(/\s+/g, " ").slice(0, STATEMENT_CHARS),
    ...[whole(before.rowsRead), whole(after.rowsRead)],
    ...[before.ms.toFixed(2), after.ms.toFixed(2)],
    ...[whole(before.rowsWritten), whole(after.rowsWritten)],
  ]);
  const head = ["statement", "rows read", "without", "ms", "without", "rows written", "without"];
  return rows.length === 0 ? found : `${found}\n\n${formatTable([head, ...rows])}`;
}

function growthTable({ few, many, readings }: Growth): string {
  const rows = readings.map((one) => [
    one.what,
    ...[one.few.found, one.many.found].map((found) => (found === null ? "" : whole(found))),
    ...[whole(one.few.rowsRead), whole(one.many.rowsRead)],
    ...[one.few.ms.toFixed(1), one.many.ms.toFixed(1)],
    grows(one) ? "grows" : "",
  ]);
  const sizes = [whole(few), whole(many)];
  const head = [
    "found, rows read and ms in a shop of so many orders",
    ...sizes,
    ...sizes,
    ...sizes,
  ];
  const why = readings.filter(grows).map(({ what, many: { heaviest } }) => {
    const sql = heaviest?.sql.replaceAll(/\s+/g, " ");
    return `${what}: ${whole(heaviest?.rowsRead ?? 0)} rows, ${heaviest?.times} times ${sql}`;
  });
  return [formatTable([[...head, ""], ...rows]), ...why].join("\n\n");
}

function profileTable({ name, us, parts, functions }: TimeOfRoute): string {
  const row = (one: Spent) => [`  ${one.name}`, whole(one.us), `${whole((one.us * 100) / us)} %`];
  return formatTable([
    [`${name}: where its time goes`, "µs", ""],
    ["all of it, without the database's", whole(us), ""],
    ...parts.map(row),
    ["by function, without what it calls", "", ""],
    ...functions.map(row),
  ]);
}

function dropTable({ buyers, units, shop, floor, against }: DropResult): string {
  const row = (name: string, rush: Rush) => [
    ...[name, whole(rush.sold), whole(rush.refused), whole(rush.msToLastSale)],
    ...[whole(rush.refusalsPerSecond), rush.cpuMs.toFixed(2)],
  ];
  return formatTable([
    [
      `${whole(buyers)} buyers, ${units} units`,
      ...["sold", "refused", "ms to the last sale", "refusals/s", "CPU ms a buyer"],
    ],
    row("shop", shop),
    ...(against === undefined ? [] : [row("other", against)]),
    row("floor", floor),
  ]);
}

/** What one checkout says by itself, and the other beside it. */
function costsTable(shop: CheckoutResult, against: CheckoutResult | undefined): string {
  const both = [shop, ...(against === undefined ? [] : [against])];
  const row = (name: string, of: (one: CheckoutResult) => number, digits = 0) => [
    name,
    ...both.map((one) => of(one).toFixed(digits)),
  ];
  return formatTable([
    ["", "shop", ...(against === undefined ? [] : ["other"])],
    row("bundle, KiB gzipped", ({ bundle }) => bundle.gzipKib, 1),
    row("start-up, ms (median)", ({ startup }) => startup.activeMs, 1),
    row("rows read a purchase", ({ purchases }) => purchases.perPurchase.rowsRead),
    row("rows written a purchase", ({ purchases }) => purchases.perPurchase.rowsWritten),
    row("round trips a purchase", ({ purchases }) => purchases.perPurchase.roundTrips, 1),
    row("requests a purchase", ({ purchases }) => purchases.perPurchase.requests, 1),
    row("queue messages a purchase", ({ purchases }) => purchases.perPurchase.messages, 1),
    row("bytes a paid order leaves", ({ purchases }) => purchases.perPurchase.bytes),
    row("bytes an unpaid hold leaves", ({ purchases }) => purchases.perUnpaidHold.bytes),
    row("rows written an unpaid hold", ({ purchases }) => purchases.perUnpaidHold.rowsWritten),
    ...Object.keys(shop.purchases.per1000Orders).map((what) =>
      row(`$ for 1,000 orders: ${what}`, ({ purchases }) => dollars(purchases, what), 4),
    ),
  ]);
}

function dollars({ per1000Orders }: CheckoutResult["purchases"], what: string): number {
  return Object.entries(per1000Orders).find(([name]) => name === what)?.[1] ?? 0;
}

function partsTable({ bundle }: CheckoutResult, against: CheckoutResult | undefined): string {
  const other = (name: string) =>
    against?.bundle.parts.find((part) => part.name === name)?.gzipKib.toFixed(1) ?? "";
  return formatTable([
    ["part of the bundle", "KiB", "KiB gzipped by itself", ...(against ? ["other"] : [])],
    ...bundle.parts
      .slice(0, MOST_PARTS)
      .map(({ name, kib, gzipKib }) => [
        ...[name, kib.toFixed(1), gzipKib.toFixed(1)],
        ...(against ? [other(name)] : []),
      ]),
  ]);
}
