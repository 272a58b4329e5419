import { toTimestamp } from "../platform/clock.ts";
import { AppError } from "../platform/errors.ts";
import type { ForSale } from "./store.ts";

/** What is said of something whose time has not come yet, or is over. */
interface OutOfTime {
  readonly sku: string;
  readonly opensAt: string | null;
  readonly closesAt: string | null;
}

/** `NOT_ON_SALE` with the times of what was asked for; of all of it, where it has opened since the refusal. */
export function notOnSale(asked: readonly ForSale[], now: number): AppError {
  const closed = asked.filter((one) => isEarly(one, now) || isLate(one, now));
  const [first] = closed;
  return new AppError(
    "NOT_ON_SALE",
    first === undefined ? "It has just opened. Please try again." : inWords(first, now),
    { details: (first === undefined ? asked : closed).map(timesOf) },
  );
}

function isEarly({ opensAt }: ForSale, now: number): boolean {
  return opensAt !== null && now < opensAt;
}

function isLate({ closesAt }: ForSale, now: number): boolean {
  return closesAt !== null && now >= closesAt;
}

function inWords(one: ForSale, now: number): string {
  const { title } = one;
  const { opensAt, closesAt } = timesOf(one);
  return isEarly(one, now)
    ? `“${title}” can be reserved from ${opensAt} on.`
    : `“${title}” could be reserved until ${closesAt}.`;
}

const time = (ms: number | null) => (ms === null ? null : toTimestamp(ms));

function timesOf({ sku, opensAt, closesAt }: ForSale): OutOfTime {
  return { sku, opensAt: time(opensAt), closesAt: time(closesAt) };
}
