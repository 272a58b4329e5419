import type { Context } from "../platform/context.ts";

/** Where what leaves the database goes: the part of an R2 bucket that is used. */
export type Archive = Pick<R2Bucket, "put">;

/** Where pictures are: the same of another bucket. */
type Images = Pick<R2Bucket, "delete">;

/** Where the files of exports and imports are. */
type Files = Pick<R2Bucket, "delete" | "list">;

export interface RetentionContext extends Context {
  readonly images: Images;
  readonly files: Files;
  /** Undefined where no bucket is bound. */
  readonly archive: Archive | undefined;
}
