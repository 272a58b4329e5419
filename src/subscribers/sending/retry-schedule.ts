import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";

/** How long to wait after each try that failed: about four and a half days in all, so that a dead endpoint is paused before anything for it is given up. */
const PAUSES_MS = [
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  4 * HOUR_MS,
  10 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
  24 * HOUR_MS,
  24 * HOUR_MS,
] as const;

/** How long to wait after the failed try of this number, counted from 1, with up to a quarter of jitter, in milliseconds; undefined after the last. */
export function pauseAfter(tries: number, random: () => number = Math.random): number | undefined {
  const pause = PAUSES_MS[tries - 1];
  return pause === undefined ? undefined : Math.round(pause * (1 + random() / 4));
}
