import type { Mutant } from "../mutant.ts";
import type { Place } from "./sources.ts";
import type { Outcome } from "./task.ts";

/** What became of a mutant. Only `killed` is well; `invalid` says that nothing was tried, or not rightly. */
export type Verdict = {
  readonly mutant: Mutant;
  /** In milliseconds. */
  readonly took: number;
} & (
  | { readonly is: "killed"; readonly because: string }
  | { readonly is: "survived"; readonly place: Place }
  | { readonly is: "invalid"; readonly because: string }
);

/** Why these tests say nothing without a mutant; undefined when they all pass. */
export function whyUseless({ passed, failed, broken }: Outcome): string | undefined {
  const [problem] = [...broken, ...failed.map(({ test, why }) => `"${test}" fails: ${why}`)];
  if (problem !== undefined) return `without it, too: ${problem}`;
  return passed === 0 ? "no test of that name was run" : undefined;
}

/** What the tests say of a mutant. */
export function judge(outcome: Outcome, place: Place) {
  const { passed, failed, broken } = outcome;
  const [death] = failed;
  const [problem] = broken;
  if (death !== undefined) return { is: "killed", because: `${death.test}: ${death.why}` } as const;
  if (problem !== undefined) return { is: "invalid", because: problem } as const;
  if (passed === 0) return { is: "invalid", because: "no test was run" } as const;
  return { is: "survived", place } as const;
}
