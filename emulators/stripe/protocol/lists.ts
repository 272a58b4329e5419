import { type Check, fallback, group, integer, optional, text } from "./checks.ts";
import { invalid } from "./problem.ts";

const DEFAULT_PAGE = 10;
const MAX_PAGE = 100;

/** The parameters of every list. */
export const pageParams = {
  limit: fallback(integer({ min: 1, max: MAX_PAGE }), DEFAULT_PAGE),
  starting_after: optional(text()),
  ending_before: optional(text()),
};

export interface Page {
  limit: number;
  starting_after: string | undefined;
  ending_before: string | undefined;
}

export interface Period {
  gt?: number | undefined;
  gte?: number | undefined;
  lt?: number | undefined;
  lte?: number | undefined;
}

const bounds = group({
  gt: optional(integer()),
  gte: optional(integer()),
  lt: optional(integer()),
  lte: optional(integer()),
});

/** `created=<seconds>` or `created[gte]=<seconds>` and the like. */
export function period(): Check<Period> {
  return (value, param) => {
    if (typeof value !== "string") return bounds(value, param);
    const at = integer()(value, param);
    return { gte: at, lte: at };
  };
}

export function within(seconds: number, { gt, gte, lt, lte }: Period = {}): boolean {
  return (
    (gt === undefined || seconds > gt) &&
    (gte === undefined || seconds >= gte) &&
    (lt === undefined || seconds < lt) &&
    (lte === undefined || seconds <= lte)
  );
}

export interface ListObject<T> {
  object: "list";
  url: string;
  has_more: boolean;
  data: T[];
}

/**
 * One page of `items`, which are in the order in which the list shows them.
 * The cursor may be an item that the filter leaves out: it only has to be in `all`.
 */
export function paginate<T extends { id: string }>(
  url: string,
  page: Page,
  items: { all: T[]; matches: (item: T) => boolean },
): ListObject<T> {
  const { limit, starting_after: after, ending_before: before } = page;
  if (after !== undefined && before !== undefined) {
    throw invalid(
      "Received both ending_before and starting_after parameters. Please pass in only one.",
      "ending_before",
    );
  }
  const { all, matches } = items;
  if (before !== undefined) {
    const found = all.slice(0, position(all, before, "ending_before")).filter(matches);
    return wrap(url, found.slice(-limit), found.length > limit);
  }
  const start = after === undefined ? 0 : position(all, after, "starting_after") + 1;
  const found: T[] = [];
  for (let index = start; index < all.length && found.length <= limit; index += 1) {
    const item = all[index];
    if (item !== undefined && matches(item)) found.push(item);
  }
  return wrap(url, found.slice(0, limit), found.length > limit);
}

function wrap<T>(url: string, data: T[], hasMore: boolean): ListObject<T> {
  return { object: "list", url, has_more: hasMore, data };
}

function position(all: { id: string }[], id: string, param: string): number {
  const index = all.findIndex((item) => item.id === id);
  if (index === -1) throw invalid(`No such object: '${id}'`, param, "resource_missing");
  return index;
}

export function newestFirst<T>(collection: Map<string, T>): T[] {
  return [...collection.values()].reverse();
}
