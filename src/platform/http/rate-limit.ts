import type { Context } from "../context.ts";
import { callerOf } from "../rate-limit/client.ts";
import { isLimited, limitsOfRequest } from "../rate-limit/limits.ts";
import type { Asked } from "../rate-limit/verdict.ts";

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

/** As much of a request as decides what it counts against. */
interface Sent {
  readonly method: string;
  readonly path: string;
}

const READING = new Set(["GET", "HEAD"]);

/** Counts a call against its caller's limits. Throws `RATE_LIMITED`. */
export async function countCall(ctx: Context, request: Sent): Promise<void> {
  await ctx.limits.require(limitsOf(ctx, request));
}

function limitsOf({ actor }: Context, { method, path }: Sent): Asked[] {
  const key = callerOf(actor);
  return limitsOfRequest(method, path).map((name) => ({ name, key }));
}

/** Counts a hold that is made on the way to something else, as `POST /reservations` counts its own. Throws `RATE_LIMITED`. */
export async function countHold(ctx: Context): Promise<void> {
  await ctx.limits.require([{ name: "reservations", key: callerOf(ctx.actor) }]);
}

/**
 * The same before a route. A read is begun while it is counted, and thrown away where that was one too many; anything
 * else waits until it may.
 */
export async function countThen(
  ctx: Context,
  request: Sent,
  next: () => Promise<void>,
): Promise<void> {
  if (!isLimited(request.method, request.path)) return next();
  if (!READING.has(request.method) || ctx.limits.knows(limitsOf(ctx, request))) {
    await countCall(ctx, request);
    return next();
  }
  const [counted, answered] = await Promise.allSettled([countCall(ctx, request), next()]);
  if (counted.status === "rejected") throw counted.reason;
  if (answered.status === "rejected") throw answered.reason;
}
