import { decideAccess, type Rule } from "../access.ts";
import type { Actor } from "../context.ts";
import { AppError, unauthenticated } from "../errors.ts";

export function guest(address: string): Actor {
  return { kind: "guest", label: "guest", address };
}

/** Refuses callers that a route is not for: 401 when they have not said who they are, 403 when that is not enough. */
export function requireAccess(rule: Rule, actor: Actor): void {
  const decision = decideAccess(rule, actor);
  if (decision === "unauthenticated") throw unauthenticated();
  if (decision === "forbidden")
    throw new AppError("FORBIDDEN", "Your role or key does not allow this.");
}
