import type { Mutant } from "../mutant.ts";
import { Copy } from "./copy.ts";
import { findPlace, InvalidMutant, type Place, readSources, type Source } from "./sources.ts";
import { judge, type Verdict, whyUseless } from "./verdict.ts";

type Tests = Pick<Mutant, "dies" | "by">;

interface Placed {
  readonly mutant: Mutant;
  readonly place: Place;
}

/** What is told while it goes on. */
export interface Listener {
  /** Before anything is changed: one of the named tests was run, of so many. */
  readonly tested: (tests: Tests, done: number, of: number) => void;
  readonly judged: (verdict: Verdict, done: number, of: number) => void;
}

const keyOf = ({ dies, by }: Tests) => JSON.stringify([dies, by]);

/**
 * Tries each mutant in one of so many copies of the repository, side by side. First, each of the named tests is run alone
 * without any, so that no mutant dies of a test that fails by itself.
 */
export async function tryAll(
  mutants: readonly Mutant[],
  { repository, jobs }: { readonly repository: string; readonly jobs: number },
  tell: Listener,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const conclude = (verdict: Verdict) => {
    verdicts.push(verdict);
    tell.judged(verdict, verdicts.length, mutants.length);
  };
  const sources = readSources(repository);
  const placed = mutants.flatMap((mutant): Placed[] => {
    const place = placeOf(mutant, sources);
    if (typeof place !== "string") return [{ mutant, place }];
    conclude({ mutant, took: 0, is: "invalid", because: place });
    return [];
  });
  const length = Math.min(jobs, placed.length);
  const copies = Array.from({ length }, () => new Copy(repository));
  try {
    const useless = await findUseless(copies, placed, tell);
    await share(copies, placed, async (copy, { mutant, place }) => {
      const because = useless.get(keyOf(mutant));
      if (because === undefined) conclude(await tryOne(copy, { mutant, place }, sources));
      else conclude({ mutant, took: 0, is: "invalid", because });
    });
  } finally {
    for (const copy of copies) copy.close();
  }
  return verdicts;
}

/** Runs each of the named tests without a mutant; answers why some of them say nothing. */
async function findUseless(
  copies: readonly Copy[],
  placed: readonly Placed[],
  tell: Listener,
): Promise<ReadonlyMap<string, string>> {
  const tests = new Map(placed.map(({ mutant }) => [keyOf(mutant), mutant]));
  const useless = new Map<string, string>();
  let done = 0;
  await share(copies, [...tests], async (copy, [key, one]) => {
    const because = whyUseless(await copy.test(one.dies, one.by));
    if (because !== undefined) useless.set(key, because);
    done += 1;
    tell.tested(one, done, tests.size);
  });
  return useless;
}

function placeOf(mutant: Mutant, sources: readonly Source[]): Place | string {
  try {
    return findPlace(mutant, sources);
  } catch (error) {
    if (error instanceof InvalidMutant) return error.message;
    throw error;
  }
}

async function tryOne(
  copy: Copy,
  { mutant, place }: Placed,
  sources: readonly Source[],
): Promise<Verdict> {
  const started = performance.now();
  copy.put(place);
  const outcome = await copy.test(mutant.dies, mutant.by);
  for (const source of sources) if (source.path === place.path) copy.restore(source);
  return { mutant, took: performance.now() - started, ...judge(outcome, place) };
}

/** Each piece of work is done by whichever copy is free. */
async function share<T>(
  copies: readonly Copy[],
  work: readonly T[],
  perform: (copy: Copy, one: T) => Promise<void>,
): Promise<void> {
  const left = [...work];
  const until = async (copy: Copy) => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await perform(copy, next);
    }
  };
  await Promise.all(copies.map(until));
}
