import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import type { Env, Hono } from "hono";
import { describeRoute } from "./describe-route.ts";
import { LIMIT_HEADERS } from "./rate-limit.ts";
import { contractOf } from "./router.ts";

/** What the API's document says of the shop it is of. */
export interface About {
  readonly title: string;
  readonly url: string;
}

/** The OpenAPI 3.1 document of all routes that have a contract. */
export function describeApi<E extends Env>(app: Hono<E>, { title, url }: About) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", "accessToken", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  registry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "hf_…",
  });
  for (const [name, header] of Object.entries(LIMIT_HEADERS)) {
    registry.registerComponent("headers", name, header);
  }
  for (const { path, handler } of app.routes) {
    const contract = contractOf(handler);
    if (contract === undefined) continue;
    registry.registerPath({ ...describeRoute(contract), path: path.replaceAll(/:(\w+)/g, "{$1}") });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title, version: "1", description: "The Holdfast API." },
    servers: [{ url }],
  });
}
