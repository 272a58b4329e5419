import fc from "fast-check";
import { expect, it } from "vitest";
import { afterPage, type Cursor, nextWindow } from "../../src/checkout/reconcile-progress.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A run: how long after the one before, how many pages it may read, and how many pages each window has. */
const runs = fc.array(
  fc.record({
    later: fc.integer({ min: 1, max: 30 * HOUR_MS }),
    pages: fc.integer({ min: 0, max: 6 }),
    pagesOfWindow: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 40 },
);

it("Runs of any length, at any distance, leave out no moment that has passed", () => {
  fc.assert(
    fc.property(runs, (history) => {
      let now = 40 * HOUR_MS;
      let cursor: Cursor = { readUntil: now - 24 * HOUR_MS, window: null };
      let seenUntil = cursor.readUntil;
      for (const { later, pages, pagesOfWindow } of history) {
        now += later;
        const end = now - MINUTE_MS;
        for (let page = 0; page < pages; page += 1) {
          const window = nextWindow(cursor, end);
          if (window === undefined) break;
          expect(window.from).toBeLessThanOrEqual(seenUntil);
          const read = window.after === null ? 1 : Number(window.after) + 1;
          const next = read < pagesOfWindow ? String(read) : null;
          const before = cursor.readUntil;
          cursor = afterPage(window, next, now - 10 * MINUTE_MS);
          expect(cursor.readUntil).toBeGreaterThanOrEqual(before);
          if (next !== null) continue;
          seenUntil = Math.max(seenUntil, window.to);
          expect(cursor.readUntil).toBeLessThanOrEqual(seenUntil);
          if (window.to >= end) break;
        }
      }
      expect(cursor.readUntil).toBeLessThanOrEqual(seenUntil);
    }),
  );
});
