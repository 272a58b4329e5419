import * as z from "zod";
import { answer } from "../../platform/http/answer.ts";
import { byId, jsonBody, ok, page } from "../../platform/http/envelope.ts";
import { answerChanged, withTag } from "../../platform/http/if-match.ts";
import { listBody, pageQuery } from "../../platform/http/pagination.ts";
import { newRouter, route } from "../../platform/http/router.ts";
import { ROLES } from "../../platform/roles.ts";
import type { IdentityContext } from "../context.ts";
import { passwordSchema } from "../passwords/password-rules.ts";
import { nameSchema, userSchema } from "../user.ts";
import { getUser, listUsers, readAuditLog, updateUserAsAdmin } from "./manage-users.ts";
import { getMe, updateMe } from "./me.ts";

const tags = ["Identity"];

const auditSchema = z
  .strictObject({
    id: z.string(),
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    data: z.record(z.string(), z.unknown()),
    address: z.string(),
    requestId: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "AuditEntry" });

const meChanges = z
  .strictObject({
    name: nameSchema.optional(),
    password: passwordSchema.optional(),
    currentPassword: z.string().max(1000).optional(),
  })
  .refine((input) => input.password === undefined || input.currentPassword !== undefined, {
    path: ["currentPassword"],
    error: "Is needed to change the password.",
  })
  .meta({ dependentRequired: { password: ["currentPassword"] } });

export const userRoutes = newRouter<IdentityContext>()
  .openapi(
    route({
      method: "get",
      path: "/me",
      tags,
      summary: "The user who is asking, with their account",
      responses: ok("The user", userSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => answer(c, { data: await getMe(c.var.ctx) }, 200),
  )
  .openapi(
    route({
      method: "patch",
      path: "/me",
      tags,
      summary: "Change my name or password; a new password ends my other sessions",
      request: { headers: withTag, body: jsonBody(meChanges) },
      responses: ok("The user", userSchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    }),
    async (c) => {
      const { ctx } = c.var;
      return answerChanged(
        c,
        () => getMe(ctx),
        () => updateMe(ctx, c.req.valid("json")),
      );
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/users",
      tags,
      summary: "All users, newest first",
      request: { query: pageQuery },
      responses: page("A page of users", userSchema),
    }),
    async (c) => answer(c, listBody(await listUsers(c.var.ctx, c.req.valid("query"))), 200),
  )
  .openapi(
    route({
      method: "patch",
      path: "/users/{id}",
      tags,
      summary: "Change a user's role, or disable them",
      request: {
        params: byId,
        headers: withTag,
        body: jsonBody(
          z.strictObject({ role: z.enum(ROLES).optional(), disabled: z.boolean().optional() }),
        ),
      },
      responses: ok("The user", userSchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const input = { ...c.req.valid("json"), ...c.req.valid("param") };
      const { ctx } = c.var;
      return answerChanged(
        c,
        () => getUser(ctx, input.id),
        () => updateUserAsAdmin(ctx, input),
      );
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/audit-log",
      tags,
      summary: "Who did what to which thing, when, from where",
      request: {
        query: pageQuery.extend({
          target: z.string().max(100).optional(),
          actor: z.string().max(100).optional(),
        }),
      },
      responses: page("A page of the log", auditSchema),
    }),
    async (c) => answer(c, listBody(await readAuditLog(c.var.ctx, c.req.valid("query"))), 200),
  );
