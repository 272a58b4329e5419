import * as z from "zod";
import { version } from "../../../package.json";
import type { Context } from "../context.ts";
import type { Level } from "../log.ts";
import { INDEX_KINDS } from "../search/kinds.ts";
import { countFilledKinds } from "../search/store.ts";
import { ping } from "../store.ts";
import { answer } from "./answer.ts";
import { json, ok, one } from "./envelope.ts";
import { newRouter, route } from "./router.ts";

const checkSchema = z.strictObject({
  status: z.enum(["up", "down", "not_configured"]),
  latencyMs: z.number().nullable(),
});
const readinessSchema = z.strictObject({
  status: z.enum(["healthy", "degraded", "unhealthy"]),
  checks: z.strictObject({
    database: checkSchema,
    redis: checkSchema,
    search: checkSchema.meta({ description: "Down also while it is filled for the first time." }),
  }),
});
type Check = z.infer<typeof checkSchema>;

async function check(
  ctx: Context,
  [level, event]: readonly [Level, string],
  isUp: () => Promise<boolean>,
): Promise<Check> {
  const started = ctx.now();
  const status = await isUp().catch((error: unknown) => {
    ctx.log.note(level, event, error);
    return false;
  });
  return { status: status ? "up" : "down", latencyMs: ctx.now() - started };
}

const checkDatabase = (ctx: Context) =>
  check(ctx, ["error", "database_down"], async () => (await ctx.db.run(ping())).length === 1);

const checkSearch = (ctx: Context) =>
  check(ctx, ["warn", "search_down"], async () => {
    const [count] = await ctx.search.run(countFilledKinds());
    return count?.filled === INDEX_KINDS.length;
  });

export const healthRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/health",
      tags: ["System"],
      summary: "The Worker answers",
      responses: ok("Alive", z.strictObject({ status: z.literal("ok"), version: z.string() })),
    }),
    (c) => answer(c, { data: { status: "ok" as const, version } }, 200),
  )
  .openapi(
    route({
      method: "get",
      path: "/health/ready",
      tags: ["System"],
      summary: "The Worker and what it depends on",
      responses: {
        200: {
          description: "The shop sells; degraded without its Redis or its search",
          content: json(one(readinessSchema)),
        },
        503: { description: "It does not", content: json(one(readinessSchema)) },
      },
    }),
    async (c) => {
      const { ctx } = c.var;
      const [database, redis, search] = await Promise.all([
        checkDatabase(ctx),
        ctx.limits.checkRedis(),
        checkSearch(ctx),
      ]);
      const checks = { database, redis, search };
      if (database.status === "down")
        return answer(c, { data: { status: "unhealthy" as const, checks } }, 503);
      const status = [redis, search].some((one) => one.status === "down") ? "degraded" : "healthy";
      return answer(c, { data: { status, checks } as const }, 200);
    },
  );
