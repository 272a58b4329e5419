const UINT32 = 2 ** 32;

/** FNV-1a over the characters of a text. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

/** Numbers that a seed decides for good (splitmix32). */
export class Random {
  #state: number;

  constructor(seed: number | string) {
    this.#state = typeof seed === "number" ? seed >>> 0 : hash(seed);
  }

  uint32(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let value = this.#state ^ (this.#state >>> 16);
    value = Math.imul(value, 0x21f0aaad);
    value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
    return (value ^ (value >>> 15)) >>> 0;
  }

  /** From 0 to below 1. */
  float(): number {
    return this.uint32() / UINT32;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.float() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** One of them; undefined of none. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.float() * items.length)];
  }

  /** A name, with this weight in proportion to all. */
  weighted<const K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    const entries = Object.entries(weights) as [K, number][]; // what a literal of weights holds
    let rest = this.float() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      rest -= weight;
      if (rest < 0) return name;
    }
    throw new Error("There is nothing to choose from.");
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = this.uint32() & 0xff;
  }
}

/** So many of them that a seed decides for good, in their order; all when there are no more. */
export function sample<T>(all: readonly T[], count: number, seed: string): T[] {
  const random = new Random(seed);
  const left = all.map((_, index) => index);
  const picked = new Set<number>();
  while (picked.size < count && left.length > 0) {
    const [index] = left.splice(random.between(0, left.length - 1), 1);
    if (index !== undefined) picked.add(index);
  }
  return all.filter((_, index) => picked.has(index));
}
