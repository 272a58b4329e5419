import type { MiddlewareHandler } from "hono";
import type { Actor } from "../context.ts";
import { sameSecret } from "../crypto.ts";
import { AppError } from "../errors.ts";
import type { Access, ContextEnv } from "./env.ts";

const BEARER = /^Bearer +(\S+)$/i;

export function guest(address: string): Actor {
  return { kind: "guest", label: "guest", address };
}

/** Finds out who is calling. A key that is not ours is refused, also where no key is needed. */
export const identify: MiddlewareHandler<ContextEnv> = async (c, next) => {
  const header = c.req.header("Authorization");
  if (header === undefined) return next();
  const { ctx } = c.var;
  const key = BEARER.exec(header)?.[1];
  if (key === undefined || !(await sameSecret(key, ctx.config.adminApiKey)))
    throw unauthenticated();
  c.set("ctx", { ...ctx, actor: { kind: "admin", label: "admin", address: ctx.actor.address } });
  return next();
};

/** Refuses callers that a route is not for: 401 when we do not know who they are. */
export function requireAccess(access: Access): MiddlewareHandler<ContextEnv> {
  return async (c, next) => {
    if (access === "admin" && c.var.ctx.actor.kind !== "admin") throw unauthenticated();
    await next();
  };
}

function unauthenticated(): AppError {
  return new AppError(
    "UNAUTHENTICATED",
    "This call needs a valid API key: Authorization: Bearer <key>.",
    {
      headers: { "WWW-Authenticate": 'Bearer realm="holdfast"' },
    },
  );
}
