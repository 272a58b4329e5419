import { Hono } from "hono";
import { type Device, logIn, register, signOut, withSecret } from "../../identity/index.ts";
import { AppError } from "../../platform/errors.ts";
import { perform } from "../../platform/idempotency/perform.ts";
import type { PageEnv, PageRequest } from "../context.ts";
import { UNTOUCHED } from "../design/fields.tsx";
import { saying } from "../design/notices.tsx";
import { respond } from "../design/respond.ts";
import { readForm } from "../form.ts";
import { afterSignIn, localPath, signInAddress } from "../local-path.ts";
import { invalid, sendBack, sentBack } from "../sent-back.ts";
import { forgetSession, keepSession } from "../session.ts";
import {
  EMAIL,
  GIVEN_PASSWORD,
  NAME,
  NEW_PASSWORD,
  passwordProblem,
  readFields,
} from "./identity-input.ts";
import { registerPage, signInPage } from "./sign-in-page.tsx";

type Page = typeof signInPage;

/** The form, empty or as it was sent a moment ago; for somebody who is signed in there is nothing to do here. */
async function ask(c: PageRequest, page: Page): Promise<Response> {
  const next = c.req.query("next");
  const back = await sentBack(c);
  if (c.var.ctx.person !== undefined && back === undefined)
    return c.redirect(afterSignIn(next), 303);
  const { head, content } = page({ ...(back ?? UNTOUCHED), next, done: c.req.query("done") });
  return respond(c, head, content);
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
  const page = signInAddress(next);
  if ("errors" in read) return sendBack(c, page, invalid(form, read.errors));
  try {
    const input = { ...read.values, device: deviceOf(c), kind: "browser" as const };
    const secret = await perform(c.var.ctx, withSecret(await logIn(c.var.ctx, input)));
    return await enter(c, secret, afterSignIn(next));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "UNAUTHENTICATED") throw error;
    const { code, message: failure } = error;
    return sendBack(c, page, { code, form, errors: {}, failure });
  }
}

async function makeAccount(c: PageRequest): Promise<Response> {
  const form = await readForm(c);
  const next = form.get("next");
  const read = readFields(form, { name: NAME, email: EMAIL, password: NEW_PASSWORD });
  const page = signInAddress(next, "/register");
  if ("errors" in read) return sendBack(c, page, invalid(form, read.errors));
  try {
    const input = { ...read.values, device: deviceOf(c), kind: "browser" as const };
    const secret = await perform(c.var.ctx, withSecret(await register(c.var.ctx, input)));
    return await enter(c, secret, localPath(next) ?? saying("/account", "welcome"));
  } catch (error) {
    const password = passwordProblem(error);
    if (password !== undefined) return sendBack(c, page, invalid(form, { password }));
    if (!(error instanceof AppError) || error.code !== "EMAIL_TAKEN") throw error;
    const errors = {
      email: "This address has an account already. Sign in instead, or set a new password.",
    };
    return sendBack(c, page, { code: error.code, form, errors });
  }
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
