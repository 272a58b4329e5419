import { SECOND_MS } from "../../platform/clock.ts";
import type { ApiKeyRow } from "./store.ts";

/** A revoked key works for at most this long in an isolate that has just seen it. */
const TRUSTED_MS = 10 * SECOND_MS;
const MAX_KEYS = 1000;

/** The isolate's copy of the API keys in use, so that a busy one costs no round trip. */
export class ApiKeyMemory {
  readonly #seen = new Map<string, { readonly row: ApiKeyRow; readonly at: number }>();

  find(hash: string, now: number): ApiKeyRow | undefined {
    const found = this.#seen.get(hash);
    return found !== undefined && now >= found.at && now - found.at < TRUSTED_MS
      ? found.row
      : undefined;
  }

  remember(row: ApiKeyRow, now: number): void {
    if (this.#seen.size >= MAX_KEYS) this.#seen.clear();
    this.#seen.set(row.hash, { row, at: now });
  }

  clear(): void {
    this.#seen.clear();
  }
}
