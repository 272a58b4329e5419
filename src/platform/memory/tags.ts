import type { AfterWrites } from "../db.ts";
import { findTagVersions } from "./store.ts";

type Versions = readonly { readonly tag: string; readonly version: number }[];

/**
 * What this isolate knows of changes: after each batch that writes, the database says at which version each tag is by
 * then. Any other version than the one before is news: after a restore they are smaller.
 */
export class Tags implements AfterWrites<Versions> {
  #known = "";
  #state = 0;

  /** Another number after each change that the isolate has heard of. */
  get state(): number {
    return this.#state;
  }

  readonly ask = findTagVersions;

  hear(versions: Versions): void {
    const known = JSON.stringify(versions);
    if (known === this.#known) return;
    this.#known = known;
    this.#state += 1;
  }

  /** The answer to a batch was lost, which may have changed anything. */
  doubt(): void {
    this.#state += 1;
  }
}
