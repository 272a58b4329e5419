export { auditInvariants } from "./audit-invariants.ts";
export { checkInvariants } from "./check-invariants.ts";
export { auditRoutes } from "./routes.ts";
export { callToWaiting } from "./waiting/call-to-waiting.ts";
