export { auditInvariants } from "./audit-invariants.ts";
export { checkInvariants } from "./check-invariants.ts";
export { auditRoutes } from "./routes.ts";
