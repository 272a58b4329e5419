import { ACCESS, decideAccess, type Rule } from "../access.ts";
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

const rules = new Map<string, Rule>(Object.entries(ACCESS));

/** A route without a rule keeps the Worker from starting. */
export function ruleOf({ method, path }: { readonly method: string; readonly path: string }): Rule {
  const name = `${method.toUpperCase()} ${path}`;
  const rule = rules.get(name);
  if (rule === undefined) throw new Error(`${name} has no rule in platform/access.ts`);
  return rule;
}
