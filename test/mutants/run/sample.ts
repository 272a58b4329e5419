import { Random } from "../../simulation/world/random.ts";

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
