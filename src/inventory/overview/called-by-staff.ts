import type { Context } from "../../platform/context.ts";
import { notFound } from "../../platform/errors.ts";
import { findIdOfRef } from "../holds/store.ts";

/**
 * The id of a hold that staff name as its list and the ledger do, which do not show a guest's id. A hold keeps its `ref`
 * for good. Any other name is taken for the id. Throws `NOT_FOUND`.
 */
export async function idCalledByStaff(ctx: Context, name: string): Promise<string> {
  if (!name.startsWith("hld_")) return name;
  const [row] = await ctx.db.run(findIdOfRef(name));
  if (row === undefined) throw notFound("reservation");
  return row.id;
}
