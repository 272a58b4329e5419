import type { Fault, OutsideCall } from "../world/faults.ts";

/** A fault at the call with this number, counted from the beginning of the step, and at those right after it. */
export interface PlannedFault {
  readonly at: number;
  readonly fault: Fault;
  /** Counts only the calls to this party, and to Stripe only those that make something. */
  readonly to?: OutsideCall["kind"];
  /** More than one also strikes those that try again at once. */
  readonly times: number;
}

/** One thing that happens. Its seed decides the rest, so that a step means the same when others are left out. */
export interface Step {
  readonly action: string;
  readonly seed: string;
  readonly faults: readonly PlannedFault[];
}

function describeFault({ at, fault, to, times }: PlannedFault): string {
  const calls = times === 1 ? `call ${at}` : `calls ${at} to ${at + times - 1}`;
  return `${fault} at ${calls}${to === undefined ? "" : ` to ${to}`}`;
}

/** One line for people. */
export function describeStep({ action, seed, faults }: Step): string {
  const with_ = faults.map(describeFault).join(", ");
  return `${action} (${seed})${with_ === "" ? "" : `, ${with_}`}`;
}
