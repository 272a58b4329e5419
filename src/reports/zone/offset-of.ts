import { DAY_MS, MINUTE_MS } from "../../platform/clock.ts";

/** From when on a clock is how far from UTC, in milliseconds. */
export interface ZoneOffset {
  readonly since: number;
  readonly offsetMs: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of an IANA time zone, to the second. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, hourCycle: "h23", era: "short" },
    ...{ year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  clocks.set(timeZone, made);
  return made;
}

/** How far the clocks of a time zone are from UTC at a moment, in milliseconds; ahead of it is more than 0. */
export function offsetOf(timeZone: string, at: number): number {
  const second = Math.floor(at / 1000) * 1000;
  const parts = clockOf(timeZone).formatToParts(second);
  const read = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(
    ...([read("year"), read("month") - 1, read("day")] as const),
    ...([read("hour"), read("minute"), read("second")] as const),
  );
  return wall - second;
}

/**
 * What the clocks of a time zone show at `from`, and each change of it before `until`, to the minute: nobody changes them
 * twice on one day.
 */
export function offsetsBetween(timeZone: string, from: number, until: number): ZoneOffset[] {
  const found = [{ since: from, offsetMs: offsetOf(timeZone, from) }];
  for (let day = from; day < until; day += DAY_MS) {
    const before = offsetOf(timeZone, day);
    const offsetMs = offsetOf(timeZone, day + DAY_MS);
    if (before !== offsetMs) found.push({ since: changeBetween(timeZone, day), offsetMs });
  }
  return found;
}

/** The minute of the change within a day from this moment on. */
function changeBetween(timeZone: string, from: number): number {
  const before = offsetOf(timeZone, from);
  let low = Math.floor(from / MINUTE_MS);
  let high = low + DAY_MS / MINUTE_MS;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(timeZone, middle * MINUTE_MS) === before) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}

/** The day that it is at a moment by clocks that are this far from UTC, as `2026-11-26`. */
export function dayBy(offsetMs: number, at: number): string {
  return new Date(at + offsetMs).toISOString().slice(0, "yyyy-mm-dd".length);
}
