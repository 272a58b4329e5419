import type { MiddlewareHandler } from "hono";
import { AppError } from "../errors.ts";
import type { Access, ContextEnv } from "./router.ts";

/** Refuses callers that a route is not for: 401 when we do not know who they are. */
export function requireAccess(access: Access): MiddlewareHandler<ContextEnv> {
  return async (c, next) => {
    if (access === "admin" && c.var.ctx.actor.kind !== "admin") {
      throw new AppError("UNAUTHENTICATED", "This call needs an API key: Authorization: Bearer <key>.", {
        headers: { "WWW-Authenticate": 'Bearer realm="holdfast"' },
      });
    }
    await next();
  };
}
