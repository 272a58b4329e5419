import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import {
  decodeCursor,
  type Page,
  type PageInput,
  readPage,
  toPage,
  totalOf,
} from "../platform/http/pagination.ts";
import { type Level, type Movement, presentLevel, presentMovement } from "./stock.ts";
import {
  countLevels,
  countMovements,
  findLevel,
  listLevels as selectLevels,
  listMovements as selectMovements,
} from "./store.ts";

/** The level of one SKU. Throws `NOT_FOUND`. */
export async function getLevel(ctx: Context, input: { readonly sku: string }): Promise<Level> {
  const [row] = await ctx.db.run(findLevel(input.sku));
  if (row === undefined) throw notFound("SKU");
  return presentLevel(row);
}

/** A page of levels in the order of their SKUs. */
export async function listLevels(
  ctx: Context,
  input: PageInput & { readonly lowStock: boolean },
): Promise<Page<Level>> {
  const { lowStock } = input;
  return readPage(ctx, input, {
    kinds: ["string"],
    keyOf: (row) => [row.sku],
    rows: (after, limit) => selectLevels({ lowStock, after: after?.[0], limit }),
    count: () => countLevels(lowStock),
    present: presentLevel,
  });
}

/** A page of a SKU's ledger, newest first. Throws `NOT_FOUND`. */
export async function listMovements(
  ctx: Context,
  input: PageInput & { readonly sku: string },
): Promise<Page<Movement>> {
  const before = decodeCursor(input.cursor, ["number"])?.[0];
  const rows = selectMovements({ sku: input.sku, before, limit: input.pageSize + 1 });
  const [found, levels, counted] =
    input.include === "total"
      ? await ctx.db.batch([rows, findLevel(input.sku), countMovements(input.sku)])
      : [...(await ctx.db.batch([rows, findLevel(input.sku)])), undefined];
  if (levels.length === 0) throw notFound("SKU");
  const page = toPage(found, input.pageSize, (row) => [row.seq], presentMovement);
  return counted === undefined ? page : { ...page, ...totalOf(counted[0]?.total ?? 0) };
}
