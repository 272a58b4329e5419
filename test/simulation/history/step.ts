import type { Fault } from "../world/faults.ts";

/** A fault at the call with this number, counted from the beginning of the step. */
export interface PlannedFault {
  readonly at: number;
  readonly fault: Fault;
}

/** One thing that happens. Its seed decides the rest, so that a step means the same when others are left out. */
export interface Step {
  readonly action: string;
  readonly seed: string;
  readonly faults: readonly PlannedFault[];
}

/** One line for people. */
export function describeStep({ action, seed, faults }: Step): string {
  const with_ = faults.map(({ at, fault }) => `${fault} at call ${at}`).join(", ");
  return `${action} (${seed})${with_ === "" ? "" : `, ${with_}`}`;
}
