import type * as z from "zod";

/** For lists of an order's items: no SKU stands in it twice, so that each has one line. */
export function eachOnce(
  items: readonly { readonly sku: string }[],
  issues: z.RefinementCtx<unknown>,
): void {
  const seen = new Set<string>();
  for (const [i, { sku }] of items.entries()) {
    if (seen.has(sku))
      issues.addIssue({ code: "custom", path: [i, "sku"], message: "Is in the list already." });
    seen.add(sku);
  }
}
