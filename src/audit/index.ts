export { checkInvariants, type Invariant } from "./check-invariants.ts";
