import type { Mutant } from "../mutant.ts";
import { Copy } from "./copy.ts";
import { findPlace, InvalidMutant, type Place, readSources, type Source } from "./sources.ts";
import type { Outcome, Outcomes, Tests } from "./task.ts";
import { judge, type Verdict, whyUseless } from "./verdict.ts";

/** So many files are tested without a mutant at once. */
const FILES_AT_ONCE = 8;

interface Placed {
  readonly mutant: Mutant;
  readonly place: Place;
}

/** What is told while it goes on. */
export interface Listener {
  /** Before anything is changed: the named tests of so many files were run. */
  readonly tested: (done: number, of: number) => void;
  readonly judged: (verdict: Verdict, done: number, of: number) => void;
}

/**
 * Tries each mutant in one of so many copies of the repository, side by side. First, the named tests are run without
 * any, so that no mutant dies of a test that fails by itself.
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
    const before = await testUnchanged(copies, placed, tell);
    await share(copies, placed, async (copy, { mutant, place }) => {
      const because = whyUseless(mutant, before[mutant.dies]);
      if (because === undefined) conclude(await tryOne(copy, { mutant, place }, sources));
      else conclude({ mutant, took: 0, is: "invalid", because });
    });
  } finally {
    for (const copy of copies) copy.close();
  }
  return verdicts;
}

/** Runs the named tests without a mutant. */
async function testUnchanged(
  copies: readonly Copy[],
  placed: readonly Placed[],
  tell: Listener,
): Promise<Outcomes> {
  const files = [...Map.groupBy(placed, ({ mutant }) => mutant.dies)];
  const tests = files.map(([file, some]): Tests => {
    const names = some.flatMap(({ mutant: { by } }) => (by === undefined ? [] : [by]));
    return { file, by: names.length < some.length ? undefined : [...new Set(names)] };
  });
  const groups = tests.flatMap((_, i) =>
    i % FILES_AT_ONCE === 0 ? [tests.slice(i, i + FILES_AT_ONCE)] : [],
  );
  const outcomes: Record<string, Outcome> = {};
  await share(copies, groups, async (copy, group) => {
    Object.assign(outcomes, await copy.test(group, false));
    tell.tested(Object.keys(outcomes).length, tests.length);
  });
  return outcomes;
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
  const { dies, by } = mutant;
  const tests = [{ file: dies, by: by === undefined ? undefined : [by] }];
  const { [dies]: outcome } = await copy.test(tests, true);
  for (const source of sources) if (source.path === place.path) copy.restore(source);
  return { mutant, took: performance.now() - started, ...judge(place, outcome) };
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
