import { randomBytes } from "node:crypto";

const SEED_BYTES = 4;

/** What a run tries of the tests that have more cases than `npm test` has time for. */
export interface Sample {
  readonly seed: string;
  /** All cases, as in `npm run mass`. */
  readonly whole: boolean;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly sample: Sample;
  }
}

/** The seed in the environment, or another one each time, said once: each project reads this anew, and knip too. */
export function chooseSample(whole: boolean): Sample {
  const given = process.env["SEED"];
  const seed = given ?? randomBytes(SEED_BYTES).toString("hex");
  process.env["SEED"] = seed;
  if (given === undefined && process.env["VITEST"] !== undefined)
    console.log(`${whole ? "All cases" : "A sample of the cases"}; SEED=${seed} repeats it`);
  return { seed, whole };
}
