import type { Context } from "../../platform/context.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { lookOf } from "../look.ts";
import { type Versioned, versionedVariant } from "../shown/store.ts";
import { productOfVariant } from "../store.ts";
import type { VariantChanges } from "../variant.ts";
import { changeCatalog, type Input, versionsOf } from "./change-catalog.ts";
import { explainChange } from "./explain.ts";
import {
  moveVariant,
  updateProduct,
  type VariantPatch,
  variantToChange,
  archiveVariant as writeArchived,
  updateVariant as writeVariant,
} from "./store.ts";

/**
 * Changes a variant, its place among the others, or offers it again. Holds and orders keep what they were made with; the
 * tag is its product's. Throws `NOT_FOUND`, `PRECONDITION_FAILED`, `VALIDATION_FAILED`, `BUSINESS_RULE_VIOLATION`.
 */
export function updateVariant(
  ctx: Context,
  { id, ifMatch, changes }: Input & { readonly changes: VariantChanges },
): Effect<Versioned> {
  const now = ctx.now();
  const { position, archived, title } = changes;
  const said = title !== undefined || archived !== undefined;
  return {
    ...changeCatalog(ctx, {
      action: "variant.updated",
      target: variantToChange({ id, seen: versionsOf(ifMatch) }),
      data: changes,
      statements: [
        ...(archived === undefined ? [] : [writeArchived(id, null)]),
        writeVariant(id, toPatch(changes), now),
        ...(position === undefined ? [] : [moveVariant(id, position)]),
        updateProduct(productOfVariant(id), {}, now),
      ],
      indexed: said ? { variantId: id } : undefined,
    }),
    result: versionedVariant(id, lookOf(ctx)),
    explain: (error) => explainChange(ctx, error, { what: "variant", id }),
  };
}

/** Offers a variant no more; its stock and its orders stay. Throws as `updateVariant` does. */
export function archiveVariant(ctx: Context, { id, ifMatch }: Input): Effect<undefined> {
  const now = ctx.now();
  return {
    ...changeCatalog(ctx, {
      action: "variant.archived",
      target: variantToChange({ id, seen: versionsOf(ifMatch) }),
      data: {},
      statements: [writeArchived(id, now), updateProduct(productOfVariant(id), {}, now)],
      indexed: { variantId: id },
    }),
    result: undefined,
    explain: (error) => explainChange(ctx, error, { what: "variant", id }),
  };
}

function toPatch(changes: VariantChanges): VariantPatch {
  const { title, price, requiresShipping, maxPerOrder, maxPerCustomer } = changes;
  return {
    ...(title === undefined ? {} : { title }),
    ...(price === undefined ? {} : price),
    ...(requiresShipping === undefined ? {} : { requiresShipping: requiresShipping ? 1 : 0 }),
    ...(maxPerOrder === undefined ? {} : { maxPerOrder }),
    ...(maxPerCustomer === undefined ? {} : { maxPerCustomer }),
  };
}
