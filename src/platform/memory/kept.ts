import { SECOND_MS } from "../clock.ts";
import type { Versions } from "../db.ts";

/** What is kept is never older. In milliseconds. */
export const KEPT_MS = 2 * SECOND_MS;

/** A text, and its ETag where it has one, which is not computed twice. */
export interface KeptText {
  readonly text: string;
  readonly etag?: string;
}

/** What was read for everybody. */
export interface KeptRead {
  readonly kept: KeptText;
  /** When the reading began, in milliseconds. */
  readonly at: number;
  /** At which version its tags were in the very snapshot that was read. */
  readonly versions: Versions;
  /** The state of the database that was read; undefined where reads go to one database only. */
  readonly bookmark: string | undefined;
}
