import * as z from "zod";
import type { Context } from "../context.ts";
import { MAX_COUNTED, type Statement } from "../db.ts";
import { type AppError, invalidField } from "../errors.ts";
import type { JsonOf } from "./answer.ts";

const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 20;

/** The query parameters of every list. */
export const pageQuery = z.strictObject({
  pageSize: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, `Must be a whole number from 1 to ${MAX_PAGE_SIZE}.`)
    .transform(Number)
    .default(DEFAULT_PAGE_SIZE)
    .meta({
      type: "integer",
      minimum: 1,
      maximum: MAX_PAGE_SIZE,
      default: DEFAULT_PAGE_SIZE,
      pattern: undefined,
    }),
  cursor: z.string().min(1).optional().meta({ description: "`nextCursor` of the page before." }),
  include: z.literal("total").optional(),
});

/** What a list is asked, after validation. */
export interface PageInput {
  readonly cursor?: string | undefined;
  readonly pageSize: number;
  readonly include?: "total" | undefined;
}

export interface Page<Item> {
  readonly items: Item[];
  readonly pageSize: number;
  readonly nextCursor: string | null;
  readonly total?: number;
  /** There are more than the total, as far as which they were counted. */
  readonly totalCapped?: true;
}

export type CursorKey = readonly [string | number, ...(string | number)[]];

type Cursor<Kinds extends readonly ("string" | "number")[]> = {
  readonly [I in keyof Kinds]: Kinds[I] extends "string" ? string : number;
};

/** Where the next page starts, as an opaque string. */
export function encodeCursor(key: CursorKey): string {
  return btoa(JSON.stringify(key)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads a cursor made for a list whose key has these types; throws 422 for any other string. */
export function decodeCursor<const K extends readonly ("string" | "number")[]>(
  cursor: string | undefined,
  kinds: K,
): Cursor<K> | undefined {
  if (cursor === undefined) return undefined;
  const key = parse(cursor);
  const fits =
    Array.isArray(key) &&
    key.length === kinds.length &&
    kinds.every((kind, i) =>
      kind === "string" ? typeof key[i] === "string" : Number.isSafeInteger(key[i]),
    );
  if (!fits) throw wrongCursor();
  return key as Cursor<K>; // each element was checked above
}

/** Throws 422 where a cursor was made in another order than this. */
export function requireOrder(made: string | undefined, order: string): void {
  if (made !== undefined && made !== order) throw wrongCursor();
}

function wrongCursor(): AppError {
  return invalidField("cursor", "Is not a cursor of this list. Start again without it.");
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return undefined;
  }
}

/** Cuts one row more than a page down to the page, and says where the next one starts. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  pageSize: number,
  keyOf: (row: Row) => CursorKey,
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, pageSize);
  const last = shown.at(-1);
  return {
    items: shown.map(present),
    pageSize,
    nextCursor: rows.length > pageSize && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}

interface List<Row, Item, Kinds extends readonly ("string" | "number")[]> {
  /** The types of the key by which the list goes on. */
  readonly kinds: Kinds;
  readonly keyOf: (row: Row) => CursorKey;
  /** The first `limit` rows after this key. */
  readonly rows: (after: Cursor<Kinds> | undefined, limit: number) => Statement<Row[]>;
  readonly count: () => Statement<{ total: number }[]>;
  readonly present: (row: Row) => Item;
}

/** Reads one page in one round trip, counted too if that is asked for. Throws `VALIDATION_FAILED` for another list's cursor. */
export async function readPage<Row, Item, const Kinds extends readonly ("string" | "number")[]>(
  ctx: Context,
  { cursor, pageSize, include }: PageInput,
  { kinds, keyOf, rows, count, present }: List<Row, Item, Kinds>,
): Promise<Page<Item>> {
  const found = rows(decodeCursor(cursor, kinds), pageSize + 1);
  if (include === undefined) return toPage(await ctx.db.run(found), pageSize, keyOf, present);
  const [some, [counted]] = await ctx.db.batch([found, count()]);
  return { ...toPage(some, pageSize, keyOf, present), ...totalOf(counted?.total ?? 0) };
}

/** What a page says of this many rows: exactly as many, or that there are more than `MAX_COUNTED`. */
export function totalOf(
  counted: number,
  most = MAX_COUNTED,
): Pick<Page<never>, "total" | "totalCapped"> {
  return counted > most ? { total: most, totalCapped: true } : { total: counted };
}

/** Of lists from new to old. */
export const newestFirst = {
  kinds: ["number", "string"],
  keyOf: (row: { readonly createdAt: number; readonly id: string }): CursorKey => [
    row.createdAt,
    row.id,
  ],
} as const;

/** The list's answer body. */
export function listBody<Item>(page: Page<Item>) {
  return { data: page.items, meta: metaOf(page) };
}

/** The same where each item is the JSON of an `Item`. */
export function listText<Item>(page: Page<string>): JsonOf<ReturnType<typeof listBody<Item>>> {
  return `{"data":[${page.items.join()}],"meta":${JSON.stringify(metaOf(page))}}`;
}

/** The answer body of one thing, from its JSON. */
export function oneText<Item>(item: string): JsonOf<{ data: Item }> {
  return `{"data":${item}}`;
}

export function metaOf({ pageSize, nextCursor, total, totalCapped }: Page<unknown>) {
  return {
    ...{ pageSize, nextCursor },
    ...(total === undefined ? {} : { total }),
    ...(totalCapped === undefined ? {} : { totalCapped }),
  };
}
