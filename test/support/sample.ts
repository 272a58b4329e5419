import { inject } from "vitest";
import type { Sample } from "../runner/sample.ts";
import { hash, sample } from "../simulation/world/random.ts";

const { seed, whole }: Sample = inject("sample");

/** As many of them as a sample is to have, in their order and others each time; all of them in `npm run mass`. */
export function sampleOf<T>(name: string, all: readonly T[], count: number): readonly T[] {
  if (all.length === 0 || count < 1) throw new Error(`There is nothing to try of ${name}.`);
  if (whole) return all;
  return sample(all, count, `${seed}:${name}`);
}

/** How often to try what chance decides: `few` times, or `many` times in `npm run mass`. */
export function roundsOf(few: number, many: number): number {
  return whole ? many : few;
}

/** The seed of one test's chance, as text and as fast-check takes it. */
export function seedOf(name: string): { readonly text: string; readonly number: number } {
  const text = `${seed}:${name}`;
  return { text, number: hash(text) };
}
