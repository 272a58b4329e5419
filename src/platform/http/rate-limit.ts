import type { MiddlewareHandler } from "hono";
import type { Context } from "../context.ts";
import { callerOf } from "../rate-limit/client.ts";
import { isLimited, limitsOfRequest } from "../rate-limit/limits.ts";
import type { ContextEnv } from "./env.ts";

/** The headers of limited routes, for the API's document. */
export const LIMIT_HEADERS = {
  "RateLimit-Policy": {
    description: "The limits a call counts against: `q` calls in `w` seconds, by name.",
    schema: { type: "string" },
    example: '"default";q=100;w=60',
  },
  RateLimit: {
    description: "What is left of each: `r` calls, for `t` seconds.",
    schema: { type: "string" },
    example: '"default";r=99;t=34',
  },
  "Retry-After": {
    description: "Seconds to wait.",
    schema: { type: "integer" },
    example: 34,
  },
} as const;

const reference = (name: keyof typeof LIMIT_HEADERS) => ({ $ref: `#/components/headers/${name}` });
const counted = {
  "RateLimit-Policy": reference("RateLimit-Policy"),
  RateLimit: reference("RateLimit"),
};

/** A limited route's answers as the API's document describes them. */
export function describeLimited<Answer extends object>(
  responses: Readonly<Record<string, Answer>>,
): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => {
      const headers =
        status === "429" ? { ...counted, "Retry-After": reference("Retry-After") } : counted;
      return [status, { ...answer, headers }];
    }),
  );
}

const READING = new Set(["GET", "HEAD"]);

/** Counts a call against its caller's limits. Throws `RATE_LIMITED`. */
export async function countCall(
  ctx: Context,
  { method, path }: { readonly method: string; readonly path: string },
): Promise<void> {
  const key = callerOf(ctx.actor);
  await ctx.limits.require(limitsOfRequest(method, path).map((name) => ({ name, key })));
}

/** Counts a hold that is made on the way to something else, as `POST /reservations` counts its own. Throws `RATE_LIMITED`. */
export async function countHold(ctx: Context): Promise<void> {
  await ctx.limits.require([{ name: "reservations", key: callerOf(ctx.actor) }]);
}

/** The same before a route: a read runs while Redis is asked, anything else only once it may. */
export const limited: MiddlewareHandler<ContextEnv> = async (c, next) => {
  const { ctx } = c.var;
  if (!isLimited(c.req.path)) return next();
  if (!(READING.has(c.req.method) && ctx.limits.remote)) {
    await countCall(ctx, c.req);
    return next();
  }
  const [counted] = await Promise.allSettled([countCall(ctx, c.req), next()]);
  if (counted.status === "fulfilled") return;
  c.res = undefined; // or its headers would be those of the refusal
  throw counted.reason;
};
