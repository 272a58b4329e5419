import type { Fault, OutsideCall } from "../world/faults.ts";
import type { Random } from "../world/random.ts";

/** What can happen to a call: the process dies before or after it, or the call answers an error, and either nothing or all of it was done. */
export const CALL_FAULTS = [
  "crash_before",
  "crash_after",
  "error",
  "error_after",
] as const satisfies readonly Fault[];
export type CallFault = (typeof CALL_FAULTS)[number];

export interface PlannedFault {
  /** Which of the scenario's calls to the outside, counted from 0 over its retries too. */
  readonly at: number;
  readonly fault: CallFault;
}

export interface Outcome {
  readonly problems: readonly string[];
  /** The calls of the attempt, in their order. */
  readonly calls: readonly OutsideCall[];
  readonly faults: number;
}

export interface Failure {
  readonly scenario: string;
  readonly planned: readonly PlannedFault[];
  readonly calls: readonly string[];
  readonly problems: readonly string[];
}

export interface Tally {
  points: number;
  runs: number;
  faults: number;
  readonly failures: Failure[];
}

/** Runs the scenario of this name with these faults, wherever its world is. */
export type Runner = (scenario: string, planned: readonly PlannedFault[]) => Promise<Outcome>;

async function tryPlan(
  run: Runner,
  { scenario, planned }: Pick<Failure, "scenario" | "planned">,
  tally: Tally,
): Promise<void> {
  const calls: string[] = [];
  let problems: readonly string[];
  try {
    const outcome = await run(scenario, planned);
    calls.push(...outcome.calls.map(({ kind, what }) => `${kind}: ${what}`));
    tally.faults += outcome.faults;
    problems = outcome.faults === 0 ? ["The fault was not reached"] : outcome.problems;
  } catch (error) {
    problems = [String(error)];
  }
  tally.runs += 1;
  if (problems.length > 0) tally.failures.push({ scenario, planned, calls, problems });
}

/** Every single fault at every call of a scenario's attempt. Throws when the scenario does not work without one. */
export async function everySingleFault(
  run: Runner,
  scenario: string,
  tally: Tally,
): Promise<number> {
  const clean = await run(scenario, []);
  if (clean.problems.length > 0)
    throw new Error(`${scenario} does not work without a fault: ${clean.problems.join("; ")}`);
  for (let at = 0; at < clean.calls.length; at += 1) {
    tally.points += 1;
    for (const fault of CALL_FAULTS) {
      await tryPlan(run, { scenario, planned: [{ at, fault }] }, tally);
    }
  }
  return clean.calls.length;
}

/** How many calls after the first fault the second one comes at the latest; it may fall into the retry. */
const FARTHEST = 3;

interface Pairing {
  readonly name: string;
  /** How many calls the scenario's attempt has. */
  readonly points: number;
}

/** Each pair of faults: one in the attempt, one after it. */
export async function everyFaultPair(
  run: Runner,
  { name, points }: Pairing,
  tally: Tally,
): Promise<void> {
  const both = CALL_FAULTS.flatMap((one) => CALL_FAULTS.map((two) => [one, two] as const));
  for (let at = 0; at < points; at += 1) {
    for (let after = 1; after <= FARTHEST; after += 1) {
      for (const [one, two] of both) {
        const planned = [
          { at, fault: one },
          { at: at + after, fault: two },
        ];
        await tryPlan(run, { scenario: name, planned }, tally);
      }
    }
  }
}

/** One of these pairs. */
export async function someFaultPair(
  run: Runner,
  { name, points, random }: Pairing & { readonly random: Random },
  tally: Tally,
): Promise<void> {
  const first = random.between(0, points - 1);
  const pick = () => random.pick(CALL_FAULTS) ?? "error";
  const planned = [
    { at: first, fault: pick() },
    { at: first + random.between(1, FARTHEST), fault: pick() },
  ];
  await tryPlan(run, { scenario: name, planned }, tally);
}
