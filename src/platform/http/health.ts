import * as z from "zod";
import { version } from "../../../package.json";
import type { Context } from "../context.ts";
import { ping } from "../store.ts";
import { json, ok, one } from "./envelope.ts";
import { newRouter, route } from "./router.ts";

const checkSchema = z.strictObject({
  status: z.enum(["up", "down", "not_configured"]),
  latencyMs: z.number().nullable(),
});
const readinessSchema = z.strictObject({
  status: z.enum(["healthy", "degraded", "unhealthy"]),
  checks: z.strictObject({ database: checkSchema, redis: checkSchema }),
});

async function checkDatabase(ctx: Context): Promise<z.infer<typeof checkSchema>> {
  const started = ctx.now();
  try {
    await ctx.db.run(ping());
    return { status: "up", latencyMs: ctx.now() - started };
  } catch (error) {
    ctx.log.note("error", "database_down", error);
    return { status: "down", latencyMs: ctx.now() - started };
  }
}

export const healthRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/health",
      tags: ["System"],
      summary: "The Worker answers",
      responses: ok("Alive", z.strictObject({ status: z.literal("ok"), version: z.string() })),
    }),
    (c) => c.json({ data: { status: "ok" as const, version } }, 200),
  )
  .openapi(
    route({
      method: "get",
      path: "/health/ready",
      tags: ["System"],
      summary: "The Worker and what it depends on",
      responses: {
        200: {
          description: "The shop sells; degraded without its Redis",
          content: json(one(readinessSchema)),
        },
        503: { description: "It does not", content: json(one(readinessSchema)) },
      },
    }),
    async (c) => {
      const { ctx } = c.var;
      const [database, redis] = await Promise.all([checkDatabase(ctx), ctx.limits.checkRedis()]);
      const checks = { database, redis };
      if (database.status === "down")
        return c.json({ data: { status: "unhealthy" as const, checks } }, 503);
      const status = redis.status === "down" ? "degraded" : "healthy";
      return c.json({ data: { status, checks } as const }, 200);
    },
  );
