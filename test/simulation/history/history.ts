import { FAULTS, Random } from "../world/index.ts";
import { ACTIONS } from "./actions.ts";
import type { PlannedFault, Step } from "./step.ts";

const FEWEST_STEPS = 15;
const MOST_STEPS = 50;
/** Most steps make few calls, so early ones are hit more often. */
const LATEST_CALL = 14;

/** What happens in the history of a seed. */
export function makeHistory(seed: string): Step[] {
  const random = new Random(`history ${seed}`);
  const weights = Object.fromEntries(
    Object.entries(ACTIONS).map(([name, { weight }]) => [name, weight]),
  );
  // Some histories are calm, so that what goes wrong without a fault is not hidden behind one.
  const stormy = random.pick([0, 0.2, 0.4, 0.6]) ?? 0;
  const length = random.between(FEWEST_STEPS, MOST_STEPS);
  return Array.from({ length }, (_, i) => ({
    action: random.weighted<string>(weights),
    seed: `${seed}.${i}`,
    faults: random.chance(stormy) ? makeFaults(random) : [],
  }));
}

function makeFaults(random: Random): PlannedFault[] {
  const count = random.chance(0.25) ? 2 : 1;
  return Array.from({ length: count }, () => ({
    at: Math.floor(random.float() ** 2 * LATEST_CALL),
    fault: random.pick(FAULTS) ?? "error",
  }));
}
