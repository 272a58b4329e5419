import { Random } from "../simulation/world/random.ts";
import { seedOf } from "./sample.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What limits, cron, tokens and the audit's day begin anew with, and with it the year. */
const ENDS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, DAY_MS, 365 * DAY_MS];
const EARLIEST = Date.UTC(2026, 0, 1);
const LATEST = Date.UTC(2029, 0, 1);
const AT_AN_END = 0.5;
const JUST_BEFORE_MS = 50;

/** When a test begins: a moment that only its name and the seed decide, and often one at which something is about to end. */
export function momentOf(name: string): number {
  const random = new Random(seedOf(`moment of ${name}`).text);
  const moment = random.between(0, LATEST - EARLIEST) + EARLIEST;
  if (!random.chance(AT_AN_END)) return moment;
  const end = random.pick(ENDS_MS) ?? MINUTE_MS;
  return moment - ((moment - EARLIEST) % end) + end - random.between(0, JUST_BEFORE_MS);
}
