import { DAY_MS, MINUTE_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { offsetsBetween, type ZoneOffset } from "./offset-of.ts";
import { findOffsets, forgetOffsets, insertOffset } from "./store.ts";

/** Each change of the clocks is known for longer than any outage. */
const AHEAD_MS = 400 * DAY_MS;
/** The end of what is known moves on with each run; what lies behind it is not yet wanted. */
const SURE_MS = 390 * DAY_MS;

/** Another zone begins when nothing can be under way any more that is counted by the old one. */
const NOTICE_MS = MINUTE_MS;

/**
 * Writes down how far the shop's clocks will be from UTC, ahead of time, for the triggers that count by days. Where
 * `SHOP_TIME_ZONE` is another one by now, the days are that one's from the next minute on; those that were counted stay.
 */
export async function keepShopTime(ctx: Context): Promise<{ changed: number }> {
  const { timeZone } = ctx.config;
  const now = ctx.now();
  const until = now + AHEAD_MS;
  const known = await ctx.db.run(findOffsets(now));
  const wanted = offsetsBetween(timeZone, now, until);
  if (isKnown(known, wanted, now)) return { changed: 0 };
  const changes =
    wanted[0]?.offsetMs === known[0]?.offsetMs
      ? wanted.slice(1)
      : offsetsBetween(timeZone, now + NOTICE_MS, until);
  await ctx.db.batch([forgetOffsets(now), ...changes.map(insertOffset)]);
  return { changed: changes.length };
}

/** The first of each is what the clocks show now; the others are to come. */
function isKnown(known: readonly ZoneOffset[], wanted: readonly ZoneOffset[], now: number) {
  const said = ([first, ...ahead]: readonly ZoneOffset[]) =>
    JSON.stringify([
      first?.offsetMs,
      ...ahead
        .filter(({ since }) => since < now + SURE_MS)
        .map(({ since, offsetMs }) => [since, offsetMs]),
    ]);
  return said(known) === said(wanted);
}
