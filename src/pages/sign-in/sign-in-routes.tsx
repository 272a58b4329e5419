import { Hono } from "hono";
import { type Device, logIn, register, signOut, withSecret } from "../../identity/index.ts";
import { AppError, type ErrorCode, STATUS_OF } from "../../platform/errors.ts";
import { perform } from "../../platform/idempotency/perform.ts";
import type { PageEnv, PageRequest } from "../context.ts";
import { UNTOUCHED } from "../design/fields.tsx";
import { saying } from "../design/notices.tsx";
import { respond } from "../design/respond.ts";
import { readForm } from "../form.ts";
import { afterSignIn, localPath } from "../local-path.ts";
import { forgetSession, keepSession } from "../session.ts";
import {
  EMAIL,
  GIVEN_PASSWORD,
  NAME,
  NEW_PASSWORD,
  passwordProblem,
  readFields,
} from "./identity-input.ts";
import { registerPage, type SignInState, signInPage } from "./sign-in-page.tsx";

type Page = typeof signInPage;

function show(c: PageRequest, page: Page, state: SignInState, code?: ErrorCode): Response {
  const { head, content } = page(state);
  return respond(c, head, content, code === undefined ? 200 : STATUS_OF[code]);
}

/** The empty form; for somebody who is signed in there is nothing to do here. */
function ask(c: PageRequest, page: Page): Response {
  const next = c.req.query("next");
  if (c.var.ctx.person !== undefined) return c.redirect(afterSignIn(next), 303);
  return show(c, page, { ...UNTOUCHED, next, done: c.req.query("done") });
}

function deviceOf(c: PageRequest): Device {
  return { userAgent: c.req.header("User-Agent") ?? "" };
}

/** Hands the browser its new secret. Whoever was signed in here before is not any more. */
async function enter(c: PageRequest, secret: string, to: string): Promise<Response> {
  const { ctx } = c.var;
  if (ctx.person !== undefined) await signOut(ctx);
  keepSession(c, secret);
  return c.redirect(to, 303);
}

async function signIn(c: PageRequest): Promise<Response> {
  const form = await readForm(c);
  const next = form.get("next");
  const read = readFields(form, { email: EMAIL, password: GIVEN_PASSWORD });
  if ("errors" in read)
    return show(c, signInPage, { form, next, errors: read.errors }, "VALIDATION_FAILED");
  try {
    const input = { ...read.values, device: deviceOf(c), kind: "browser" as const };
    const secret = await perform(c.var.ctx, withSecret(await logIn(c.var.ctx, input)));
    return await enter(c, secret, afterSignIn(next));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "UNAUTHENTICATED") throw error;
    return refuse(c, signInPage, { form, next, errors: {}, failure: error.message }, error);
  }
}

async function makeAccount(c: PageRequest): Promise<Response> {
  const form = await readForm(c);
  const next = form.get("next");
  const read = readFields(form, { name: NAME, email: EMAIL, password: NEW_PASSWORD });
  if ("errors" in read)
    return show(c, registerPage, { form, next, errors: read.errors }, "VALIDATION_FAILED");
  try {
    const input = { ...read.values, device: deviceOf(c), kind: "browser" as const };
    const secret = await perform(c.var.ctx, withSecret(await register(c.var.ctx, input)));
    return await enter(c, secret, localPath(next) ?? saying("/account", "welcome"));
  } catch (error) {
    const password = passwordProblem(error);
    if (password !== undefined)
      return show(c, registerPage, { form, next, errors: { password } }, "VALIDATION_FAILED");
    if (!(error instanceof AppError) || error.code !== "EMAIL_TAKEN") throw error;
    const errors = {
      email: "This address has an account already. Sign in instead, or set a new password.",
    };
    return refuse(c, registerPage, { form, next, errors }, error);
  }
}

function refuse(c: PageRequest, page: Page, state: SignInState, error: AppError): Response {
  c.var.ctx.log.set({ code: error.code });
  for (const [name, value] of Object.entries(error.extras.headers ?? {})) c.header(name, value);
  return show(c, page, state, error.code);
}

export const signInPages = new Hono<PageEnv>()
  .get("/sign-in", (c) => ask(c, signInPage))
  .post("/sign-in", signIn)
  .get("/register", (c) => ask(c, registerPage))
  .post("/register", makeAccount)
  // The button is on the account's page: an address alone signs nobody out.
  .get("/sign-out", (c) => c.redirect("/account", 303))
  .post("/sign-out", async (c) => {
    if (c.var.ctx.person !== undefined) await signOut(c.var.ctx);
    forgetSession(c);
    return c.redirect(saying("/sign-in", "signed-out"), 303);
  });
