import type { Context as HonoContext } from "hono";
import * as z from "zod";
import type { IdentityContext } from "../identity/index.ts";
import { answer } from "../platform/http/answer.ts";
import type { ContextEnv } from "../platform/http/env.ts";
import { byId, jsonBody, pageOf } from "../platform/http/envelope.ts";
import { metaOf, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { personalDataSchema } from "./export/document.ts";
import { type Exported, exportCustomer, exportMe } from "./export/export-person.ts";
import { forgetCustomer, forgetMe } from "./forgetting/forget-person.ts";

const tags = ["Customers"];
const exported = pageOf("The document, as a file", personalDataSchema);
const query = pageQuery.omit({ include: true });
const DELETED = { 204: { description: "Nobody knows them any more" } };

export const privacyRoutes = newRouter<IdentityContext>()
  .openapi(
    route({
      method: "get",
      path: "/me/export",
      tags: ["Identity"],
      summary: "All that the shop knows of me",
      request: { query },
      responses: exported,
      errors: ["NOT_FOUND"],
    }),
    async (c) => answerFile(c, await exportMe(c.var.ctx, c.req.valid("query"))),
  )
  .openapi(
    route({
      method: "delete",
      path: "/me",
      tags: ["Identity"],
      summary: "Delete me: what the books must keep stays, and names nobody",
      description:
        "Takes the current password of whoever has one. Refused while something of theirs is under way; `details` says what.",
      request: {
        body: jsonBody(z.strictObject({ currentPassword: z.string().max(1000).optional() })),
      },
      responses: DELETED,
      errors: ["NOT_FOUND", "INVALID_TRANSITION", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      await forgetMe(c.var.ctx, c.req.valid("json"));
      return c.body(null, 204);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/customers/{id}/export",
      tags,
      summary: "All that the shop knows of a customer",
      request: { params: byId, query },
      responses: exported,
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const input = { ...c.req.valid("param"), ...c.req.valid("query") };
      return answerFile(c, await exportCustomer(c.var.ctx, input));
    },
  )
  .openapi(
    route({
      method: "delete",
      path: "/customers/{id}",
      tags,
      summary: "Delete a customer: what the books must keep stays, and names nobody",
      description: "Refused while something of theirs is under way; `details` says what.",
      request: { params: byId },
      responses: DELETED,
      errors: ["NOT_FOUND", "INVALID_TRANSITION", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      await forgetCustomer(c.var.ctx, c.req.valid("param"));
      return c.body(null, 204);
    },
  );

function answerFile(c: HonoContext<ContextEnv<IdentityContext>>, { data, page }: Exported) {
  c.header("Content-Disposition", 'attachment; filename="personal-data.json"');
  return answer(c, { data, meta: metaOf(page) }, 200);
}
