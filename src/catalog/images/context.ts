import type { Context } from "../../platform/context.ts";

/** Where the bytes of pictures are: the part of an R2 bucket that is used here. */
export type ImageBucket = Pick<R2Bucket, "put" | "get">;

export interface ImagesContext extends Context {
  readonly images: ImageBucket;
}
