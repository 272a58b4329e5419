import type { Context } from "../../platform/context.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { changeCatalog, type Input, versionsOf } from "../changes/change-catalog.ts";
import { explainChange } from "../changes/explain.ts";
import { updateProduct } from "../changes/store.ts";
import { type ImageChanges, MAX_IMAGES } from "../image.ts";
import { lookOf } from "../look.ts";
import type { Versioned } from "../shown/store.ts";
import {
  deleteImage as dropImage,
  imageToChange,
  moveImage,
  productOfImage,
  touchObject,
  updateAlt,
  versionedImage,
} from "./store.ts";

/** Changes what is said of a picture, or its place among the others. Throws `NOT_FOUND`, `PRECONDITION_FAILED`. */
export function updateImage(
  ctx: Context,
  { id, ifMatch, changes }: Input & { readonly changes: ImageChanges },
): Effect<Versioned> {
  const { alt, position } = changes;
  return {
    ...changeCatalog(ctx, {
      action: "image.updated",
      target: imageToChange({ id, seen: versionsOf(ifMatch) }),
      data: changes,
      statements: [
        ...(alt === undefined ? [] : [updateAlt(id, alt)]),
        ...(position === undefined ? [] : [moveImage(id, position)]),
        updateProduct(productOfImage(id), {}, ctx.now()),
      ],
    }),
    result: versionedImage(id, lookOf(ctx)),
    explain: (error) => explainChange(ctx, error, { what: "image", id }),
  };
}

/** Takes a picture from its product; its bytes go later, when nobody has used them for long. Throws as `updateImage` does. */
export function deleteImage(ctx: Context, { id, ifMatch }: Input): Effect<undefined> {
  return {
    ...changeCatalog(ctx, {
      action: "image.deleted",
      target: imageToChange({ id, seen: versionsOf(ifMatch) }),
      data: {},
      statements: [
        updateProduct(productOfImage(id), {}, ctx.now()),
        touchObject(id, ctx.now()),
        moveImage(id, MAX_IMAGES),
        dropImage(id),
      ],
    }),
    result: undefined,
    explain: (error) => explainChange(ctx, error, { what: "image", id }),
  };
}
