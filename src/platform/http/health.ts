import * as z from "zod";
import { version } from "../../../package.json";
import type { Context } from "../context.ts";
import { ping } from "../store.ts";
import { json, one } from "./envelope.ts";
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
      responses: {
        200: {
          description: "Alive",
          content: json(one(z.strictObject({ status: z.literal("ok"), version: z.string() }))),
        },
      },
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
        200: { description: "The shop sells", content: json(one(readinessSchema)) },
        503: { description: "It does not", content: json(one(readinessSchema)) },
      },
    }),
    async (c) => {
      const database = await checkDatabase(c.var.ctx);
      const redis = { status: "not_configured" as const, latencyMs: null };
      const checks = { database, redis };
      return database.status === "up"
        ? c.json({ data: { status: "healthy" as const, checks } }, 200)
        : c.json({ data: { status: "unhealthy" as const, checks } }, 503);
    },
  );
