import { imageMeta } from "image-meta";
import { invalidField } from "../../platform/errors.ts";
import { IMAGE_TYPES, type ImageKind } from "../image.ts";
import { isQuarter, readContainer } from "./container.ts";

/** What the bytes of a picture say of it. */
export interface Picture {
  readonly kind: ImageKind;
  /** In pixels, as it is shown. */
  readonly width: number;
  readonly height: number;
}

/** What browsers show, and what a picture that lies about its size stays below, in pixels. */
const MAX_SIDE = 20_000;

/** Judges a picture by its bytes, whatever its name says. Throws `VALIDATION_FAILED` for what is none that the shop takes. */
export function describePicture(bytes: Uint8Array): Picture {
  const { type, width = 0, height = 0, orientation = 1 } = metaOf(bytes);
  if (!isKind(type)) throw refused("Must be a JPEG, PNG, WebP or AVIF picture.");
  if (width < 1 || height < 1) throw refused("Is a picture of no size.");
  if (Math.max(width, height) > MAX_SIDE)
    throw refused(`Must have at most ${MAX_SIDE} pixels a side.`);
  const container = readContainer[type](bytes);
  if (!container.whole) throw refused("Is not whole: the end of the picture is missing.");
  const turned = container.turned || isQuarter(orientation);
  return { kind: type, width: turned ? height : width, height: turned ? width : height };
}

function metaOf(bytes: Uint8Array) {
  try {
    return imageMeta(bytes);
  } catch {
    throw refused("Must be a JPEG, PNG, WebP or AVIF picture, and whole.");
  }
}

function isKind(type: string | undefined): type is ImageKind {
  return type !== undefined && Object.hasOwn(IMAGE_TYPES, type);
}

const refused = (sentence: string) => invalidField("file", sentence);
