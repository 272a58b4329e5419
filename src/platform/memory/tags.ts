import type { Versions, Witness } from "../db.ts";
import { findTagVersions } from "./store.ts";

/**
 * At which version this isolate believes each tag to be. The database says so in each batch that writes, and in each that
 * reads what will be kept. A version is news also where it is smaller, as it is after a restore; but where batches
 * overlapped nobody knows which of them came first, and then only a larger one is.
 */
export class Tags implements Witness {
  #versions: Versions | undefined;
  #heard = 0;
  /** The newest state of the database that this isolate has seen; undefined where reads go to one database only. */
  bookmark: string | undefined;

  /** What the isolate believes, as a text; undefined while it does not know. */
  get known(): string | undefined {
    return this.#versions && JSON.stringify(this.#versions);
  }

  readonly ask = findTagVersions;

  begin(): number {
    return this.#heard;
  }

  hear(versions: Versions, since: number): void {
    if (JSON.stringify(versions) === this.known) return;
    if (since !== this.#heard && !this.#isNewer(versions)) return;
    this.#versions = versions;
    this.#heard += 1;
  }

  saw(bookmark: string): void {
    if (this.bookmark === undefined || bookmark > this.bookmark) this.bookmark = bookmark;
  }

  /** As an isolate is that has just begun. */
  forget(): void {
    this.#versions = undefined;
    this.#heard = 0;
    this.bookmark = undefined;
  }

  /** The answer to a batch was lost, which may have changed anything. */
  doubt(): void {
    this.#versions = undefined;
    this.#heard += 1;
  }

  /** Whether what another isolate has read is at least as new as what this one knows of. */
  admits(versions: Versions): boolean {
    if (this.#versions === undefined) return this.#heard === 0;
    return JSON.stringify(versions) === this.known || this.#isNewer(versions);
  }

  #isNewer(versions: Versions): boolean {
    return this.#versions !== undefined && changes(versions) > changes(this.#versions);
  }
}

/** Each version counts the changes of its tag, so that all of them together count all changes. */
function changes(versions: Versions): number {
  return versions.reduce((sum, { version }) => sum + version, 0);
}
