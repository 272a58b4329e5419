import { MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { sha256OfBytes } from "../../platform/hash.ts";
import type { Effect } from "../../platform/idempotency/perform.ts";
import { newId } from "../../platform/ids.ts";
import { changeCatalog, type Input } from "../changes/change-catalog.ts";
import { explainChange } from "../changes/explain.ts";
import { productToChange, updateProduct } from "../changes/store.ts";
import { IMAGE_TYPES, type Image } from "../image.ts";
import { lookOf } from "../look.ts";
import type { ImageBucket, ImagesContext } from "./context.ts";
import { describePicture, type Picture } from "./describe-picture.ts";
import { claimObject, imageText, insertImage } from "./store.ts";

/** Taking bytes away takes no longer, also where it has to be begun again. */
const LEAVING_SECONDS = (90 * MINUTE_MS) / SECOND_MS;
const BUCKET_SECONDS = 10;

export interface NewImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly alt: string;
}

/**
 * Adds a picture to a product, behind the others:
 *
 *     1. which bytes are meant       one batch
 *     2. the bytes                   into the bucket, under a key made of what they are
 *     3. the picture                 one batch, with the idempotency key
 *
 * Dead after 1 or 2: the bytes are known to the database and used by nobody, so the purge takes them away; a retry does
 * all of it again. Throws `NOT_FOUND`, `VALIDATION_FAILED`, `BUSINESS_RULE_VIOLATION` for too many, `UNAVAILABLE`.
 */
export async function addImage(
  ctx: ImagesContext,
  { id: productId, bytes, alt }: Input & NewImage,
): Promise<Effect<Image>> {
  const picture = describePicture(bytes);
  const key = `${await sha256OfBytes(bytes)}.${picture.kind}`;
  const now = ctx.now();
  const { width, height } = picture;
  try {
    await ctx.db.run(claimObject({ key, width, height, bytes: bytes.byteLength, touchedAt: now }));
  } catch (error) {
    throw isLeaving(error) ? leaving() : error;
  }
  await put(ctx.images, key, { bytes, ...picture });
  const id = newId("img", now);
  return {
    ...changeCatalog(ctx, {
      action: "image.added",
      target: productToChange({ id: productId, seen: undefined }),
      data: { imageId: id, key, alt },
      statements: [insertImage({ id, productId, key, alt }), updateProduct(productId, {}, now)],
    }),
    result: imageText(id, lookOf(ctx)),
    explain: (error) =>
      isLeaving(error) ? leaving() : explainChange(ctx, error, { what: "product", id: productId }),
  };
}

async function put(
  bucket: ImageBucket,
  key: string,
  { bytes, kind }: Picture & Pick<NewImage, "bytes">,
): Promise<void> {
  try {
    await bucket.put(key, bytes, { httpMetadata: { contentType: IMAGE_TYPES[kind] } });
  } catch (cause) {
    throw new AppError(
      "UNAVAILABLE",
      "The store of pictures does not answer. Please send it again in a moment.",
      { headers: { "Retry-After": String(BUCKET_SECONDS) }, cause },
    );
  }
}

function isLeaving(error: unknown): boolean {
  return refusedBy(error, "image_leaving") || refusedBy(error, "image_without_bytes");
}

function leaving(): AppError {
  return new AppError(
    "UNAVAILABLE",
    "This very picture was not used for long, and is being taken away. Please send it again later.",
    { headers: { "Retry-After": String(LEAVING_SECONDS) } },
  );
}
