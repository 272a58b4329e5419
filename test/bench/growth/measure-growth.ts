import { median } from "../measure/compare.ts";
import type { Side } from "../measure/side.ts";
import { costOf } from "../measure/teach-floor.ts";
import { asStaff } from "../routes/goods.ts";
import { type Look, lookAt } from "../shop/look.ts";
import { copySample, makeSample, type Sample } from "../shop/sample-shop.ts";
import type { Visit } from "../worker/recorded.ts";
import { cronAsk, crons, listPaths } from "./lists.ts";

/** Orders of the small shop. */
export const FEW = 1000;
/** As little as any filter finds in the small shop, so that a page is full in both. */
const PAGE = 3;
const CRON = "cron ";
/** A list is read so often, after once; its time is the median. */
const TIMES = 5;
/** As far as a total is counted; each may be looked up by its index and then by its row. */
const MOST_COUNTED = 2 * 10_001;
/** And then by the line of the SKU that is asked for, where the SKU's own index is not walked. */
const MOST_LOOKED_INTO = 3 * 10_001;
/** Of a search in another order than from new to old, the newest 1,000 matches are read, with what belongs to them. */
const MOST_SORTED = 6 * 1000;
/** Orders have more or fewer lines, refunds and parcels. */
const MORE = 2;
const AND_SOME = 20;

/** What one thing took: rows read by all of its statements, and the milliseconds until it was answered. */
export interface Took {
  readonly rowsRead: number;
  readonly ms: number;
  /** Of a list: how much was shown. */
  readonly found: number | null;
  /** The statement that reads most, with how often it was run and what all of that has read. */
  readonly heaviest: Heaviest | null;
}

interface Heaviest {
  readonly sql: string;
  readonly times: number;
  readonly rowsRead: number;
}

export interface Reading {
  readonly what: string;
  readonly few: Took;
  readonly many: Took;
}

export interface Growth {
  /** Orders of the two shops. */
  readonly few: number;
  readonly many: number;
  readonly readings: readonly Reading[];
}

interface Wanted {
  readonly rows: number;
  readonly seed: number;
}

/**
 * Whether it reads more in the large shop, and more than as far as it is counted or sorted. What comes by the clock does as
 * much as there is to do, and no more than it may in a run.
 */
export function grows({ what, few, many }: Reading): boolean {
  if (what.startsWith(CRON)) return false;
  const most = what.includes("sku=") ? MOST_LOOKED_INTO : MOST_COUNTED;
  const counted = what.includes("include=total") ? most : 0;
  const sorted = /sort=(?!newest).*&q=/.test(what) ? MOST_SORTED : 0;
  return many.rowsRead > Math.max(few.rowsRead * MORE + AND_SOME, counted, sorted);
}

/** Asks this shop and a small one for the same: each list by each filter, then what comes by the clock. */
export async function measureGrowth(
  side: Side,
  { rows, seed }: Wanted,
  say: (line: string) => void,
): Promise<Growth> {
  const { root, sample } = side;
  const stripeUrl = sample.variables["STRIPE_API_URL"] ?? "";
  say(`a shop of ${FEW} orders beside it`);
  const small = await makeSample({ root, stripeUrl, rows: FEW, seed, say: () => undefined });
  const paths = listPaths();
  const few = await askAll(side, small, paths, say);
  const many = await askAll(side, copySample(sample), paths, say);
  const readings = few.map(({ what, took }, i): Reading => {
    const other = many[i]?.took;
    if (other === undefined) throw new Error(`Only one shop was asked for ${what}.`);
    return { what, few: took, many: other };
  });
  return { few: FEW, many: rows, readings };
}

interface Asked {
  readonly what: string;
  readonly took: Took;
}

async function askAll(
  { bundle, root }: Side,
  sample: Sample,
  paths: readonly string[],
  say: (line: string) => void,
): Promise<Asked[]> {
  const look = await lookAt({ bundle, root, sample });
  try {
    const asked: Asked[] = [];
    for (const [i, path] of paths.entries()) {
      asked.push({ what: path, took: await readList(look, sample, path) });
      if (i % 20 === 0) say(`${i + 1}/${paths.length} ${path}`);
    }
    for (const cron of crons(root)) {
      say(`what comes at ${cron}`);
      asked.push({ what: CRON + cron, took: await runCron(look, cron) });
    }
    return asked;
  } finally {
    await look.stop();
  }
}

async function readList(look: Look, { apiKey }: Sample, path: string): Promise<Took> {
  const paged = `${path}${path.includes("?") ? "&" : "?"}pageSize=${PAGE}`;
  const isList = !/^\/(admin|inventory\/[^/]+$)/.test(path);
  const ask = asStaff(apiKey, "GET", `/api/v1${isList ? paged : path}`);
  await look.read(ask); // what an isolate remembers is in its memory now
  await look.done();
  const times: number[] = [];
  let found: number | null = null;
  for (let time = 0; time < TIMES; time += 1) {
    const began = performance.now();
    const { status, body } = await look.read(ask);
    times.push(performance.now() - began);
    if (status !== 200) throw new Error(`${path} was answered ${status}: ${body}`);
    const { data } = JSON.parse(body) as { data: unknown }; // as every answer of the API
    found = Array.isArray(data) ? data.length : null;
  }
  const visit = await look.done();
  const rowsRead = Math.round(costOf(visit).rowsRead / TIMES);
  return { rowsRead, ms: median(times), found, heaviest: heaviestOf(visit) };
}

async function runCron(look: Look, cron: string): Promise<Took> {
  await look.done();
  const began = performance.now();
  await look.read(cronAsk(cron));
  const ms = performance.now() - began;
  const visit = await look.done();
  return { rowsRead: costOf(visit).rowsRead, ms, found: null, heaviest: heaviestOf(visit) };
}

function heaviestOf({ trips }: Visit): Heaviest | null {
  const all = new Map<string, Heaviest>();
  for (const { sql, rowsRead } of trips.flatMap((trip) => trip.statements)) {
    const known = all.get(sql) ?? { sql, times: 0, rowsRead: 0 };
    all.set(sql, { sql, times: known.times + 1, rowsRead: known.rowsRead + rowsRead });
  }
  const sorted = [...all.values()].sort((a, b) => b.rowsRead - a.rowsRead);
  return sorted[0] ?? null;
}
