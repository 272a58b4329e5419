import { beforeAll, describe, expect, it } from "vitest";
import { type DayResult, measureDay } from "../load/day/measure-day.ts";

const PURCHASES = 2000;
const TIMEOUT_MS = 120_000;
/** What a paid order leaves for good, in bytes. It may be 4 KiB; what is left of them is for what is yet to be kept. */
const MOST = 3.6 * 1024;
/** The same with the gaps that what nobody paid has left between, at one such order for each that was paid. */
const MOST_WITH_GAPS = 6 * 1024;

/** `npm run day` has 100,000. */
describe("A day's purchases, a year later,", () => {
  let day: DayResult;
  beforeAll(async () => {
    day = await measureDay(PURCHASES);
  }, TIMEOUT_MS);

  it("have left less than 4 KiB each", () => {
    expect(day.packed / PURCHASES).toBeLessThanOrEqual(MOST);
    expect(day.packed).toBeGreaterThan(0);
  });

  it("lie no farther apart than they did", () => {
    expect(day.left / PURCHASES).toBeLessThanOrEqual(MOST_WITH_GAPS);
    expect(day.full / PURCHASES).toBeGreaterThan(MOST_WITH_GAPS);
  });
});
