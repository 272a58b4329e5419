import * as z from "zod";
import { answer } from "../../platform/http/answer.ts";
import { answerCreated, keyed } from "../../platform/http/created.ts";
import { byId, created, jsonBody, ok, page } from "../../platform/http/envelope.ts";
import { answerChanged, requireSeen, withTag } from "../../platform/http/if-match.ts";
import { listBody, pageQuery } from "../../platform/http/pagination.ts";
import { newRouter, route } from "../../platform/http/router.ts";
import type { IdentityContext } from "../context.ts";
import {
  apiKeySchema,
  createApiKey,
  endApiKey,
  getApiKey,
  keepApiKey,
  listApiKeys,
  newApiKeySchema,
} from "./api-keys.ts";

const tags = ["Identity"];

export const apiKeyRoutes = newRouter<IdentityContext>()
  .openapi(
    route({
      method: "post",
      path: "/api-keys",
      tags,
      summary: "Make an API key; its secret is shown this once",
      request: { headers: keyed, body: jsonBody(newApiKeySchema) },
      responses: created(
        "The key with its secret",
        apiKeySchema.extend({ secret: z.string() }).meta({ id: "NewApiKey" }),
      ),
    }),
    async (c) => {
      const input = c.req.valid("json");
      const body = await answerCreated(c, input, () => createApiKey(c.var.ctx, input));
      c.header("Location", "/api/v1/api-keys");
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/api-keys",
      tags,
      summary: "API keys, newest first",
      request: { query: pageQuery },
      responses: page("A page of keys", apiKeySchema),
    }),
    async (c) => answer(c, listBody(await listApiKeys(c.var.ctx, c.req.valid("query"))), 200),
  )
  .openapi(
    route({
      method: "patch",
      path: "/api-keys/{id}",
      tags,
      summary: "Take an API key over: from now on it dies with you, and not with its owner",
      request: {
        params: byId,
        headers: withTag,
        body: jsonBody(z.strictObject({ keep: z.literal(true) })),
      },
      responses: ok("The key", apiKeySchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    }),
    async (c) => {
      const { ctx } = c.var;
      const input = c.req.valid("param");
      return answerChanged(
        c,
        () => getApiKey(ctx, input),
        () => keepApiKey(ctx, input),
      );
    },
  )
  .openapi(
    route({
      method: "delete",
      path: "/api-keys/{id}",
      tags,
      summary: "End an API key",
      request: { params: byId, headers: withTag },
      responses: { 204: { description: "The key is over" } },
      errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    }),
    async (c) => {
      const { ctx } = c.var;
      const input = c.req.valid("param");
      await requireSeen(c.req.valid("header")["if-match"], () => getApiKey(ctx, input));
      await endApiKey(ctx, input);
      return c.body(null, 204);
    },
  );
