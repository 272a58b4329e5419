import type { Mutant } from "../mutant.ts";
import type { Place } from "./sources.ts";
import type { Outcome } from "./task.ts";

/** What became of a mutant. Only `killed` is well; `invalid` says that nothing was tried, or not rightly. */
export type Verdict = { readonly mutant: Mutant } & (
  | { readonly is: "killed"; readonly because: string }
  | { readonly is: "survived"; readonly place: Place }
  | { readonly is: "invalid"; readonly because: string }
);

/** A statement that SQLite cannot read dies of itself, and not of a guard that is gone. */
const NO_SQL = "SQLITE_ERROR";
const NOTHING: Outcome = { passed: [], failed: [], broken: ["its tests did not run"] };

/** Why the tests of a mutant say nothing, by what became of them without it; undefined when they all pass. */
export function whyUseless({ by = "" }: Pick<Mutant, "by">, outcome = NOTHING): string | undefined {
  const { passed, failed, broken } = outcome;
  const own = failed.find(({ test }) => test.includes(by));
  if (own !== undefined) return `without it, too, "${own.test}" fails: ${own.why}`;
  if (passed.some((test) => test.includes(by))) return undefined;
  return broken[0] ?? "no test of that name was run";
}

/** What the tests say of a mutant. */
export function judge(place: Place, { passed, failed, broken } = NOTHING) {
  const [death] = failed;
  const [problem] = broken;
  if (death?.why.includes(NO_SQL))
    return { is: "invalid", because: `no SQL: ${death.why}` } as const;
  if (death !== undefined) return { is: "killed", because: `${death.test}: ${death.why}` } as const;
  if (problem !== undefined) return { is: "invalid", because: problem } as const;
  if (passed.length === 0)
    return { is: "invalid", because: "no test of that name was run" } as const;
  return { is: "survived", place } as const;
}
