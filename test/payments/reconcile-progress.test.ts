import fc from "fast-check";
import { expect, it } from "vitest";
import type { CheckoutContext } from "../../src/checkout/context.ts";
import { afterPage, type Saved } from "../../src/checkout/reconciliation/reconcile-progress.ts";
import { type Run, readOn } from "../../src/checkout/reconciliation/reconcile-run.ts";
import type { HistoryPage, HistoryWindow } from "../../src/payments/index.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const LAG_MS = MINUTE_MS;
const OVERLAP_MS = 10 * MINUTE_MS;
const START = 40 * HOUR_MS;
const PAGE = 3;
const ANSWER_MS = 300;

interface Happening {
  readonly id: string;
  readonly created: number;
  readonly listed: number;
}

/** Times in milliseconds: Stripe's clock, ours, and what Stripe's list has or will have. */
interface Place {
  now: number;
  skew: number;
  tellsTime: boolean;
  readonly happenings: Happening[];
}

/** A run: how long after the one before, what it may read, whose clock is wrong, and what happened shortly before. */
const runs = fc.array(
  fc.record({
    later: fc.oneof(
      fc.integer({ min: 1, max: 20 * MINUTE_MS }),
      fc.integer({ min: 1, max: 30 * HOUR_MS }),
    ),
    pages: fc.integer({ min: 0, max: 6 }),
    clock: fc.oneof(
      fc.record({ skew: fc.constant(0), tellsTime: fc.boolean() }),
      fc.record({
        skew: fc.integer({ min: -2 * HOUR_MS, max: 24 * HOUR_MS }),
        tellsTime: fc.constant(true),
      }),
    ),
    happened: fc.array(
      fc.record({
        before: fc.integer({ min: 0, max: 20 * MINUTE_MS }),
        late: fc.integer({ min: 0, max: OVERLAP_MS }),
      }),
      { maxLength: 12 },
    ),
  }),
  { minLength: 1, maxLength: 20 },
);

const secondsOf = (ms: number) => Math.floor(ms / SECOND_MS);

/** Newest first, after the cursor, by whole seconds, as Stripe lists it: only what has got into the list by now. */
function list(place: Place, { from, to, after }: HistoryWindow): HistoryPage<Happening> {
  place.now += ANSWER_MS;
  const all = place.happenings
    .filter(({ listed }) => listed <= place.now)
    .sort((a, b) => secondsOf(b.created) - secondsOf(a.created) || (a.id < b.id ? 1 : -1));
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const found = all.slice(start).filter(({ created }) => {
    const seconds = secondsOf(created);
    return seconds >= secondsOf(from) && seconds <= secondsOf(to);
  });
  const items = found.slice(0, PAGE);
  const next = found.length > PAGE ? (items.at(-1)?.id ?? null) : null;
  const answeredAt = place.tellsTime ? secondsOf(place.now) * SECOND_MS : null;
  return { items, unreadable: [], next, answeredAt };
}

/** All that `readOn` uses: a clock, a name for the progress, and a database that takes each. */
function contextAt(place: Place): CheckoutContext {
  const context = {
    now: () => place.now + place.skew,
    db: { run: async () => [{ version: 1 }] },
    payments: { provider: "stripe" },
  };
  return context as unknown as CheckoutContext;
}

/** One run of so many pages; what it reads is seen. */
async function readAt(place: Place, progress: Saved, pages: number, seen: Set<string>) {
  const run = {
    bounds: { pages, found: 500, banks: 0, time: HOUR_MS },
    startedAt: place.now + place.skew,
    counts: { missing: 0, repaired: 0 },
    ...{ progress, restore: undefined, readToEnd: new Set() },
  } as Run;
  await readOn(contextAt(place), run, {
    cursor: "events",
    lag: LAG_MS,
    overlap: OVERLAP_MS,
    read: async (window) => list(place, window),
    handle: async (items) => {
      for (const { id } of items) seen.add(id);
    },
  });
  return run.progress;
}

const begun = (): Saved => {
  const cursor = { readUntil: START - 24 * HOUR_MS, window: null };
  const banks = { nextAt: 0, after: null };
  return { events: cursor, sessions: cursor, banks, lacking: "", version: 1 };
};

it("Runs of any length, at any distance, leave out nothing that is listed late, or while our clock is wrong", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async (history) => {
      const place: Place = { now: START, skew: 0, tellsTime: true, happenings: [] };
      const seen = new Set<string>();
      let progress = begun();
      for (const { later, pages, clock, happened } of history) {
        const last = place.now;
        Object.assign(place, { now: last + later, ...clock });
        for (const { before, late } of happened) {
          const id = `evt_${String(place.happenings.length).padStart(3, "0")}`;
          const created = Math.max(last, place.now - before);
          place.happenings.push({ id, created, listed: created + late });
        }
        const { readUntil } = progress.events;
        progress = await readAt(place, progress, pages, seen);
        expect(progress.events.readUntil).toBeGreaterThanOrEqual(readUntil);
        expect(progress.events.readUntil).toBeLessThanOrEqual(place.now - LAG_MS);
      }
      for (let run = 0; run < 2; run += 1) {
        Object.assign(place, { now: place.now + HOUR_MS, skew: 0, tellsTime: true });
        progress = await readAt(place, progress, 10_000, seen);
      }
      const missed = place.happenings.filter(({ id }) => !seen.has(id));
      expect(missed).toEqual([]);
      expect(progress.events.readUntil).toBeGreaterThan(place.now - OVERLAP_MS - MINUTE_MS);
    }),
    { numRuns: 300 },
  );
});

it("A page that was answered by a clock of long ago takes nothing back that has been read", () => {
  const window = { from: START, to: START + HOUR_MS, after: null, settled: START + HOUR_MS };
  expect(afterPage(window, null, START - HOUR_MS)).toEqual({ readUntil: START, window: null });
  expect(afterPage(window, null, START + MINUTE_MS).readUntil).toBe(START + MINUTE_MS);
});

it("A clock that is a day ahead costs a run one call, not all that it may make", async () => {
  const place: Place = { now: START, skew: 24 * HOUR_MS, tellsTime: true, happenings: [] };
  let progress = await readAt(place, begun(), 20, new Set());
  const before = place.now;
  progress = await readAt(place, progress, 20, new Set());
  expect(place.now - before).toBe(ANSWER_MS);
  expect(progress.events.readUntil).toBeLessThan(START);
});
