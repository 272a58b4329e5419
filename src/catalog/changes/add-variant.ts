import type { Context } from "../../platform/context.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { lookOf } from "../look.ts";
import { variantText } from "../shown/store.ts";
import type { NewVariant, Variant } from "../variant.ts";
import { changeCatalog, type Input } from "./change-catalog.ts";
import { explainChange } from "./explain.ts";
import { insertVariant, productToChange, setThresholds, updateProduct } from "./store.ts";
import { variantRow } from "./variant-row.ts";

/**
 * Adds a variant to a product, behind the others, with its opening stock. Throws `NOT_FOUND`, `CONFLICT` for a SKU that
 * is taken, `VALIDATION_FAILED` for another currency, `BUSINESS_RULE_VIOLATION` for too many.
 */
export function addVariant(
  ctx: Context,
  { id: productId, variant }: Input & { readonly variant: NewVariant },
): Effect<Variant> {
  const now = ctx.now();
  const id = newId("var", now);
  return {
    ...changeCatalog(ctx, {
      action: "variant.created",
      target: productToChange({ id: productId, seen: undefined }),
      data: { ...variant, variantId: id },
      indexed: { productId },
      statements: [
        insertVariant({ ...variantRow(variant, now), id, productId }),
        ...setThresholds([variant]),
        updateProduct(productId, {}, now),
      ],
    }),
    result: variantText(id, lookOf(ctx)),
    explain: (error) =>
      explainChange(ctx, error, { what: "product", id: productId, sku: variant.sku }),
  };
}
