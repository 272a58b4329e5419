import { SECOND_MS } from "../platform/clock.ts";

const TRUSTED_MS = 2 * SECOND_MS;
const MAX_SKUS = 10_000;

/** Remembers, for two seconds, which SKUs the database has just said are gone: after a drop nearly every request asks for them. */
export class SoldOutMemory {
  readonly #seen = new Map<string, number>();

  /** True when the SKU was sold out at most two seconds ago. */
  isSoldOut(sku: string, now: number): boolean {
    const seen = this.#seen.get(sku);
    return seen !== undefined && now >= seen && now - seen < TRUSTED_MS;
  }

  remember(sku: string, now: number): void {
    if (this.#seen.size >= MAX_SKUS) this.#seen.clear();
    this.#seen.set(sku, now);
  }

  /** Stock may be free again. */
  clear(): void {
    this.#seen.clear();
  }
}
