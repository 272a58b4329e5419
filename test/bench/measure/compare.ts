import type { Ask } from "../load/connection.ts";
import type { Measured, NextAsk, Target } from "../load/load.ts";

/** Somebody who answers the same question as the others. */
export interface Contender {
  readonly name: string;
  readonly target: Target;
  readonly next: NextAsk;
  readonly status: number;
}

export interface Speed {
  /** Requests per second, and the CPU time of one in milliseconds: medians of the rounds. */
  readonly perSecond: number;
  readonly cpuMs: number;
}

export type Rounds = ReadonlyMap<string, readonly Measured[]>;

/**
 * Measures all of them in turns, each round in another order, so that what happens to the machine meanwhile happens to
 * all. The first round only warms them up.
 */
export async function measureInTurns(
  contenders: readonly Contender[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Rounds> {
  const measured = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const order = contenders.map((_, i) => contenders[(i + round) % contenders.length]);
    for (const one of order) {
      if (one === undefined) continue;
      const result = await one.target.measure(one.next, one.status, seconds);
      if (round > 0) measured.get(one.name)?.push(result);
    }
  }
  return measured;
}

export function speedOf(rounds: readonly Measured[]): Speed {
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
  };
}

/** How much faster, and how much more CPU, than the other in the same round: the median of that. */
export function ratioOf(ours: readonly Measured[], theirs: readonly Measured[]) {
  const each = (of: (one: Measured) => number) =>
    median(ours.map((one, i) => of(one) / of(theirs[i] ?? one)));
  return { ratio: each(({ perSecond }) => perSecond), cpuRatio: each(({ cpuMs }) => cpuMs) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The same request each time. */
export const always =
  (ask: Ask): NextAsk =>
  () =>
    ask;
