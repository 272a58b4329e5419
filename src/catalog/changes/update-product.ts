import type { Context } from "../../platform/context.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { lookOf } from "../look.ts";
import { millisecondsOf, type ProductChanges } from "../product.ts";
import { type Versioned, versionedProduct } from "../shown/store.ts";
import { changeCatalog, type Input, versionsOf } from "./change-catalog.ts";
import { explainChange } from "./explain.ts";
import { type ProductPatch, productToChange, updateProduct as writeProduct } from "./store.ts";

/**
 * Changes what a product says, when it is sold, and whether. Holds and orders keep what they were made with. Answers it
 * as staff see it. Throws `NOT_FOUND`, `PRECONDITION_FAILED`, `VALIDATION_FAILED`, `CONFLICT` for a slug that is taken.
 */
export function updateProduct(
  ctx: Context,
  { id, ifMatch, changes }: Input & { readonly changes: ProductChanges },
): Effect<Versioned> {
  const now = ctx.now();
  return {
    ...changeCatalog(ctx, {
      action: "product.updated",
      target: productToChange({ id, seen: versionsOf(ifMatch) }),
      data: changes,
      statements: [writeProduct(id, toPatch(changes), now)],
      indexed: { productId: id },
    }),
    result: versionedProduct(id, lookOf(ctx)),
    explain: (error) => explainChange(ctx, error, { what: "product", id, slug: changes.slug }),
  };
}

/** Takes a product out of the shop: it is shown to staff alone, and sold no more. Throws as `updateProduct` does. */
export function archiveProduct(ctx: Context, { id, ifMatch }: Input): Effect<undefined> {
  return {
    ...changeCatalog(ctx, {
      action: "product.archived",
      target: productToChange({ id, seen: versionsOf(ifMatch) }),
      data: {},
      statements: [writeProduct(id, { status: "archived" }, ctx.now())],
      indexed: { productId: id },
    }),
    result: undefined,
    explain: (error) => explainChange(ctx, error, { what: "product", id }),
  };
}

function toPatch({ opensAt, closesAt, ...changes }: ProductChanges): ProductPatch {
  const said = Object.entries(changes).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(said),
    ...(opensAt === undefined ? {} : { opensAt: millisecondsOf(opensAt) }),
    ...(closesAt === undefined ? {} : { closesAt: millisecondsOf(closesAt) }),
  };
}
