import type { Context as HonoContext } from "hono";
import * as z from "zod";
import { answer } from "../platform/http/answer.ts";
import { answerCreated, answerOnce, keyed } from "../platform/http/created.ts";
import type { ContextEnv } from "../platform/http/env.ts";
import { byId, created, jsonBody, ok } from "../platform/http/envelope.ts";
import { newRouter, route } from "../platform/http/router.ts";
import type { IdentityContext } from "./context.ts";
import { forgotPassword, resetPassword } from "./links/password-reset.ts";
import { resendVerification, verifyEmail } from "./links/verify-email.ts";
import { passwordSchema } from "./passwords/password-rules.ts";
import { logIn } from "./sessions/log-in.ts";
import { withTokens } from "./sessions/open-session.ts";
import { refresh } from "./sessions/refresh.ts";
import { endMySession, logOut, mySessions, sessionSchema } from "./sessions/sessions.ts";
import { emailSchema, nameSchema, userSchema } from "./user.ts";
import { register } from "./users/register.ts";

const tags = ["Identity"];
const MAX_TOKEN_CHARS = 500;
const tokenField = z.string().min(1).max(MAX_TOKEN_CHARS);
/** Any text: a wrong password is refused as wrong, whatever it looks like. */
const givenPassword = z.string().min(1).max(1000);

const signedInSchema = z.strictObject({
  user: userSchema,
  accessToken: z.string(),
  expiresIn: z.int().meta({ description: "Seconds until the access token is over." }),
  refreshToken: z.string().meta({ description: "Good for one refresh." }),
});

function deviceOf(c: HonoContext<ContextEnv<IdentityContext>>) {
  return { userAgent: c.req.header("User-Agent") ?? "" };
}

export const authRoutes = newRouter<IdentityContext>()
  .openapi(
    route({
      method: "post",
      path: "/auth/register",
      tags,
      summary: "Make an account with its first user, signed in",
      request: {
        headers: keyed,
        body: jsonBody(
          z.strictObject({
            email: emailSchema,
            password: passwordSchema,
            name: nameSchema,
            accountName: nameSchema.optional(),
          }),
        ),
      },
      responses: created("The user and a first pair of tokens", signedInSchema),
      errors: ["EMAIL_TAKEN"],
    }),
    async (c) => {
      const { ctx } = c.var;
      const input = c.req.valid("json");
      const by = { device: deviceOf(c), kind: "token" as const };
      const body = await answerCreated(c, input, async () =>
        withTokens(ctx, await register(ctx, { ...input, ...by })),
      );
      c.header("Location", "/api/v1/me");
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/auth/login",
      tags,
      summary: "Sign in",
      request: {
        headers: keyed,
        body: jsonBody(z.strictObject({ email: emailSchema, password: givenPassword })),
      },
      responses: ok("The user and a pair of tokens", signedInSchema),
    }),
    async (c) => {
      const { ctx } = c.var;
      const input = c.req.valid("json");
      const by = { device: deviceOf(c), kind: "token" as const };
      const body = await answerOnce(c, { input, status: 200 }, async () =>
        withTokens(ctx, await logIn(ctx, { ...input, ...by })),
      );
      return answer(c, body, 200);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/auth/refresh",
      tags,
      summary: "A new pair of tokens for a refresh token, which is spent by it",
      request: { headers: keyed, body: jsonBody(z.strictObject({ refreshToken: tokenField })) },
      responses: ok("The user and a new pair", signedInSchema),
    }),
    async (c) => {
      const input = c.req.valid("json");
      const body = await answerOnce(c, { input, status: 200 }, () => refresh(c.var.ctx, input));
      return answer(c, body, 200);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/auth/logout",
      tags,
      summary: "End the session of a refresh token",
      request: { headers: keyed, body: jsonBody(z.strictObject({ refreshToken: tokenField })) },
      responses: { 204: { description: "Signed out" } },
    }),
    async (c) => {
      // Whoever signs out the session they call with is a stranger afterwards, and a retry is 401 before its key is read.
      const input = c.req.valid("json");
      await answerOnce(c, { input, status: 204 }, () => logOut(c.var.ctx, input));
      return c.body(null, 204);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/auth/sessions",
      tags,
      summary: "Where I am signed in, newest first",
      responses: ok("At most 100 sessions", z.array(sessionSchema)),
    }),
    async (c) => answer(c, { data: await mySessions(c.var.ctx) }, 200),
  )
  .openapi(
    route({
      method: "delete",
      path: "/auth/sessions/{id}",
      tags,
      summary: "Sign one session out",
      request: { params: byId },
      responses: { 204: { description: "Signed out" } },
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      await endMySession(c.var.ctx, c.req.valid("param"));
      return c.body(null, 204);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/auth/password/forgot",
      tags,
      summary: "Mail a link to set a new password; the answer is the same for every address",
      request: { headers: keyed, body: jsonBody(z.strictObject({ email: emailSchema })) },
      responses: { 202: { description: "If there is such a user, a mail is on its way" } },
    }),
    async (c) => {
      const input = c.req.valid("json");
      await answerOnce(c, { input, status: 202 }, () => forgotPassword(c.var.ctx, input));
      return c.body(null, 202);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/auth/password/reset",
      tags,
      summary: "Set a password by a mailed link; every session ends",
      request: {
        headers: keyed,
        body: jsonBody(z.strictObject({ token: tokenField, password: passwordSchema })),
      },
      responses: { 204: { description: "The password is set" } },
    }),
    async (c) => {
      const input = c.req.valid("json");
      await answerOnce(c, { input, status: 204 }, () => resetPassword(c.var.ctx, input));
      return c.body(null, 204);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/auth/email/verify",
      tags,
      summary: "Prove my address by the link that was mailed to it",
      request: { headers: keyed, body: jsonBody(z.strictObject({ token: tokenField })) },
      responses: {
        204: {
          description:
            "The address is verified; what was paid for with it as a guest is the account's",
        },
      },
    }),
    async (c) => {
      const input = c.req.valid("json");
      await answerOnce(c, { input, status: 204 }, () => verifyEmail(c.var.ctx, input));
      return c.body(null, 204);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/auth/email/resend",
      tags,
      summary: "Mail the verification link again",
      request: { headers: keyed },
      responses: { 202: { description: "A mail is on its way, unless the address is verified" } },
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      await answerOnce(c, { input: {}, status: 202 }, () => resendVerification(c.var.ctx));
      return c.body(null, 202);
    },
  );
