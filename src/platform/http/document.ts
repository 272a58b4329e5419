import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import type { Env, Hono } from "hono";
import * as z from "zod";
import { describeRoute } from "./describe-route.ts";
import { json } from "./envelope.ts";
import { LIMIT_HEADERS } from "./rate-limit.ts";
import { contractOf } from "./router.ts";

interface Webhook {
  readonly type: string;
  readonly description: string;
  readonly message: z.ZodType;
}

const ANY_2XX = {
  "2XX": { description: "Taken. Anything else, a redirection too, is tried again." },
};
/** As Standard Webhooks has them. */
const SIGNATURE = z.looseObject({
  "webhook-id": z.string(),
  "webhook-timestamp": z.string().meta({ description: "Seconds since 1970." }),
  "webhook-signature": z.string().meta({
    description:
      "`v1,` and an HMAC-SHA256 in base64, by each secret that is good, parted by blanks.",
  }),
});

/** What the API's document says of the shop it is of. */
export interface About {
  readonly title: string;
  readonly url: string;
  /** What the shop sends to those who have asked for it. */
  readonly webhooks: readonly Webhook[];
}

/** The OpenAPI 3.1 document of all routes that have a contract. */
export function describeApi<E extends Env>(app: Hono<E>, { title, url, webhooks }: About) {
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
  for (const { type, description, message } of webhooks) {
    registry.registerWebhook({
      method: "post",
      path: type,
      tags: ["Webhooks out"],
      summary: description,
      request: { headers: SIGNATURE, body: { required: true, content: json(message) } },
      responses: ANY_2XX,
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title, version: "1", description: "The Holdfast API." },
    servers: [{ url }],
  });
}
