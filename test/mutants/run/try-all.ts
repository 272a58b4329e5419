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
  readonly judged: (verdict: Verdict, done: number, of: number) => void;
  /** The mutants of this test file are judged otherwise: its tests say nothing. */
  readonly useless: (mutant: Mutant, because: string) => void;
}

/**
 * Tries each mutant in one of so many copies of the repository, side by side; those of one test file in the same one.
 * Each copy then runs the tests that it has run once more, without a mutant: what fails there by itself has killed nothing.
 * That comes last because the emulated parties live as long as a copy, so a second run may meet what the first has left.
 */
export async function tryAll(
  mutants: readonly Mutant[],
  { repository, jobs }: { readonly repository: string; readonly jobs: number },
  tell: Listener,
): Promise<Verdict[]> {
  const sources = readSources(repository);
  const { placed, misplaced } = placeAll(mutants, sources);
  const verdicts: Verdict[] = [...misplaced];
  misplaced.forEach((verdict, i) => void tell.judged(verdict, i + 1, mutants.length));
  const files = [...Map.groupBy(placed, ({ mutant }) => mutant.dies).values()];
  const copies = Array.from({ length: Math.min(jobs, files.length) }, () => new Copy(repository));
  try {
    const left = files.sort((one, other) => other.length - one.length);
    const outcomes = copies.map(async (copy) => {
      const tried: Placed[] = [];
      for (let some = left.shift(); some !== undefined; some = left.shift()) {
        for (const one of some) {
          const verdict = await tryOne(copy, one, sources);
          verdicts.push(verdict);
          tell.judged(verdict, verdicts.length, mutants.length);
        }
        tried.push(...some);
      }
      return testUnchanged(copy, tried);
    });
    const unchanged: Outcomes = Object.assign({}, ...(await Promise.all(outcomes)));
    return verdicts.map((verdict) => confirm(verdict, unchanged[verdict.mutant.dies], tell));
  } finally {
    for (const copy of copies) copy.close();
  }
}

/** Where each of them is; those that are nowhere are invalid. */
function placeAll(mutants: readonly Mutant[], sources: readonly Source[]) {
  const placed: Placed[] = [];
  const misplaced: Verdict[] = [];
  for (const mutant of mutants) {
    try {
      placed.push({ mutant, place: findPlace(mutant, sources) });
    } catch (error) {
      if (!(error instanceof InvalidMutant)) throw error;
      misplaced.push({ mutant, is: "invalid", because: error.message });
    }
  }
  return { placed, misplaced };
}

async function tryOne(
  copy: Copy,
  { mutant, place }: Placed,
  sources: readonly Source[],
): Promise<Verdict> {
  copy.put(place);
  const { dies, by } = mutant;
  const tests = [{ file: dies, by: by === undefined ? undefined : [by] }];
  const { [dies]: outcome } = await copy.test(tests, true);
  for (const source of sources) if (source.path === place.path) copy.restore(source);
  return { mutant, ...judge(place, outcome) };
}

/** Runs the tests of these mutants without any. */
async function testUnchanged(copy: Copy, tried: readonly Placed[]): Promise<Outcomes> {
  const tests = [...Map.groupBy(tried, ({ mutant }) => mutant.dies)].map(([file, some]): Tests => {
    const names = some.flatMap(({ mutant: { by } }) => (by === undefined ? [] : [by]));
    return { file, by: names.length < some.length ? undefined : [...new Set(names)] };
  });
  const outcomes: Record<string, Outcome> = {};
  for (let at = 0; at < tests.length; at += FILES_AT_ONCE) {
    Object.assign(outcomes, await copy.test(tests.slice(at, at + FILES_AT_ONCE), false));
  }
  return outcomes;
}

/** The same, unless its tests fail without it, too. */
function confirm(verdict: Verdict, unchanged: Outcome | undefined, tell: Listener): Verdict {
  const { mutant } = verdict;
  const because = verdict.is === "invalid" ? undefined : whyUseless(mutant, unchanged);
  if (because === undefined) return verdict;
  tell.useless(mutant, because);
  return { mutant, is: "invalid", because };
}
