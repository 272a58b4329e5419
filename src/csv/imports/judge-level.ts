import * as z from "zod";
import { MAX_OPENING_STOCK, skuSchema } from "../../catalog/index.ts";
import type { Cells, Judged, Problem } from "./judged.ts";

const count = z
  .string()
  .trim()
  .regex(/^\d+$/, "Must be a whole number.")
  .transform(Number)
  .pipe(z.int().max(MAX_OPENING_STOCK, `Must be at most ${MAX_OPENING_STOCK}.`));

const ifFilledIn = z.preprocess((cell) => (cell === "" ? undefined : cell), count.optional());

const levelSchema = z.object({
  sku: skuSchema,
  onHand: count,
  onHandWas: ifFilledIn,
  lowStockThreshold: ifFilledIn,
});

/**
 * Reads a line of stock: how many units of a SKU are there, and, where it says so, how many there were and from where on
 * the SKU runs low.
 */
export function judgeLevel(cells: Cells): Judged {
  const read = levelSchema.safeParse(cells);
  if (!read.success) return { problems: problemsOf(read.error) };
  const { sku, ...data } = read.data;
  return { row: { slug: "", sku, data } };
}

function problemsOf({ issues }: z.ZodError): Problem[] {
  return issues.map(({ path, message }) => ({
    column: String(path[0]),
    message: message.endsWith(".") ? message : `${message}.`,
  }));
}
