import type { MiddlewareHandler } from "hono";
import { decideAccess, type Rule } from "../access.ts";
import type { Actor } from "../context.ts";
import { AppError, unauthenticated } from "../errors.ts";
import type { ContextEnv } from "./env.ts";

export function guest(address: string): Actor {
  return { kind: "guest", label: "guest", address };
}

/** Refuses callers that a route is not for: 401 when they have not said who they are, 403 when that is not enough. */
export function requireAccess(rule: Rule): MiddlewareHandler<ContextEnv> {
  return async (c, next) => {
    const decision = decideAccess(rule, c.var.ctx.actor);
    if (decision === "unauthenticated") throw unauthenticated();
    if (decision === "forbidden")
      throw new AppError("FORBIDDEN", "Your role or key does not allow this.");
    await next();
  };
}
