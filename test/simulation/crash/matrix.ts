import type { Fault, OutsideCall, Random, RunBatch } from "../world/index.ts";
import { findProblems } from "./checks.ts";
import type { Scenario } from "./scenario.ts";
import { CrashShop } from "./shop.ts";

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

/** Runs a scenario in a fresh world with these faults, heals, and says what is wrong. */
export async function runScenario(
  run: RunBatch,
  scenario: Scenario,
  planned: readonly PlannedFault[],
): Promise<Outcome> {
  const shop = await CrashShop.open(run, scenario.name);
  try {
    const staged = await scenario.stage(shop);
    const calls: OutsideCall[] = [];
    let faults = 0;
    let seen = 0;
    shop.world.inject = (call) => {
      calls.push(call);
      const fault = planned.find(({ at }) => at === seen)?.fault;
      seen += 1;
      faults += fault === undefined ? 0 : 1;
      return fault;
    };
    await staged.attempt();
    const attempted = calls.length;
    const said = (await staged.retry?.()) ?? [];
    await shop.heal();
    const expected = (await staged.expect?.()) ?? [];
    const problems = [...said, ...expected, ...(await findProblems(shop))];
    return { problems, calls: calls.slice(0, attempted), faults };
  } finally {
    await shop.world.close();
  }
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

async function tryPlan(
  run: RunBatch,
  scenario: Scenario,
  planned: readonly PlannedFault[],
  tally: Tally,
): Promise<void> {
  const calls: string[] = [];
  let problems: readonly string[];
  try {
    const outcome = await runScenario(run, scenario, planned);
    calls.push(...outcome.calls.map(({ kind, what }) => `${kind}: ${what}`));
    tally.faults += outcome.faults;
    problems = outcome.faults === 0 ? ["The fault was not reached"] : outcome.problems;
  } catch (error) {
    problems = [String(error)];
  }
  tally.runs += 1;
  if (problems.length > 0)
    tally.failures.push({ scenario: scenario.name, planned, calls, problems });
}

/** Every single fault at every call of a scenario's attempt. Throws when the scenario does not work without one. */
export async function everySingleFault(
  run: RunBatch,
  scenario: Scenario,
  tally: Tally,
): Promise<number> {
  const clean = await runScenario(run, scenario, []);
  if (clean.problems.length > 0)
    throw new Error(`${scenario.name} does not work without a fault: ${clean.problems.join("; ")}`);
  for (let at = 0; at < clean.calls.length; at += 1) {
    tally.points += 1;
    for (const fault of CALL_FAULTS) await tryPlan(run, scenario, [{ at, fault }], tally);
  }
  return clean.calls.length;
}

/** A pair of faults: one in the attempt, one after it, which may fall into the retry. */
export async function someFaultPair(
  run: RunBatch,
  scenario: Scenario,
  points: number,
  random: Random,
  tally: Tally,
): Promise<void> {
  const first = random.between(0, points - 1);
  const pick = () => random.pick(CALL_FAULTS) ?? "error";
  const planned = [
    { at: first, fault: pick() },
    { at: first + random.between(1, 3), fault: pick() },
  ];
  await tryPlan(run, scenario, planned, tally);
}
