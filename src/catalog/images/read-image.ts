import { notFound } from "../../platform/errors.ts";
import { IMAGE_TYPES, type ImageKind } from "../image.ts";
import type { ImagesContext } from "./context.ts";

/** A hash in hexadecimal digits, and what kind of picture it is of. */
const KEY = /^([0-9a-f]{64})\.(jpg|png|webp|avif)$/;

/** A picture as it is sent: what it is never changes under its key. */
export interface StoredPicture {
  readonly bytes: ReadableStream;
  readonly size: number;
  readonly type: string;
}

/** The strong tag of what is under a key; undefined for what is no key. */
export function tagOfKey(key: string): string | undefined {
  const hash = KEY.exec(key)?.[1];
  return hash && `"${hash}"`;
}

/** The bytes under a key. Throws `NOT_FOUND`. */
export async function readImage(
  ctx: ImagesContext,
  { key }: { readonly key: string },
): Promise<StoredPicture> {
  const kind = KEY.exec(key)?.[2];
  const object = kind === undefined ? null : await ctx.images.get(key);
  if (object === null) throw notFound("image");
  return { bytes: object.body, size: object.size, type: IMAGE_TYPES[kind as ImageKind] }; // as the key has it
}
