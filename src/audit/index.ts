export { auditInvariants } from "./audit-invariants.ts";
export { checkInvariants, type Invariant } from "./check-invariants.ts";
export { auditRoutes } from "./routes.ts";
