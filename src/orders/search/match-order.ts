import { matchText, matchWords } from "../../platform/search/words.ts";
import { fold } from "../../platform/spelling.ts";

/** As people write an order's number, which has no more digits than a number of the API can have. */
const NUMBER = /^\s*#?\s*([1-9]\d{0,14})\s*$/;
/** A number with more digits is a carrier's, which somebody may still be typing. */
const MAX_DIGITS = 7;

/** What is looked for: by the index, and by the database where it may be an order's number. */
export interface OrderMatch {
  /** Undefined where there is no word in it. */
  readonly match: string | undefined;
  readonly number: number | undefined;
}

/** What a person typed. A short number is whole, because #1042 is not the beginning of #10420. Pure. */
export function matchOrder(q: string): OrderMatch {
  const digits = NUMBER.exec(fold(q))?.[1];
  if (digits === undefined) return { match: matchText(q), number: undefined };
  const match = digits.length > MAX_DIGITS ? matchText(digits) : matchWords(digits);
  return { match, number: Number(digits) };
}
