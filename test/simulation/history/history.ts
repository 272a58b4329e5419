import { FAULTS, Random } from "../world/index.ts";
import { ACTIONS } from "./actions.ts";
import type { PlannedFault, Step } from "./step.ts";

const FEWEST_STEPS = 12;
const MOST_STEPS = 42;
/** Most steps make few calls, so early ones are hit more often. */
const LATEST_CALL = 14;
const LATEST_CALL_ABROAD = 4;
const PARTIES = [
  "stripe",
  "stripe",
  "database",
  "resend",
  "queue",
  "search",
  "subscriber",
] as const;

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
  return Array.from({ length: count }, () => {
    const to = random.chance(0.5) ? random.pick(PARTIES) : undefined;
    const latest = to === undefined || to === "database" ? LATEST_CALL : LATEST_CALL_ABROAD;
    return {
      at: Math.floor(random.float() ** 2 * latest),
      fault: random.pick(FAULTS) ?? "error",
      times: random.chance(0.7) ? 1 : random.between(2, 3),
      ...(to === undefined ? {} : { to }),
    };
  });
}
