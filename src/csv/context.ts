import type { InventoryContext } from "../inventory/index.ts";

/** Where the files of exports and imports are: the part of a private R2 bucket that is used here. */
export type FileBucket = Pick<R2Bucket, "put" | "get" | "delete" | "createMultipartUpload">;

export interface CsvContext extends InventoryContext {
  readonly files: FileBucket;
}
