import { MINUTE_MS, SECOND_MS } from "../clock.ts";

const CEILING_MS = 15 * MINUTE_MS;

/** How long to wait before try number `attempt + 1`: doubling from 2 s to 15 min, with up to a quarter of jitter. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(2 ** Math.max(attempt, 1) * SECOND_MS, CEILING_MS);
  return Math.round(base * (1 + random() / 4));
}
