import { Hono } from "hono";
import { forgotPassword, resetPassword, signOut, verifyEmail } from "../../identity/index.ts";
import { AppError, STATUS_OF } from "../../platform/errors.ts";
import { perform } from "../../platform/idempotency/perform.ts";
import type { PageEnv, PageRequest } from "../context.ts";
import { UNTOUCHED } from "../design/fields.tsx";
import { saying } from "../design/notices.tsx";
import { respond } from "../design/respond.ts";
import { readForm } from "../form.ts";
import { forgetSession } from "../session.ts";
import { EMAIL, NEW_PASSWORD, passwordProblem, readFields } from "./identity-input.ts";
import {
  type ForgotState,
  forgotPage,
  type LinkState,
  resetPage,
  verifyPage,
} from "./mail-link-pages.tsx";

const INVALID = STATUS_OF.VALIDATION_FAILED;

function showForgot(c: PageRequest, state: ForgotState, status: 200 | typeof INVALID = 200) {
  const { head, content } = forgotPage(state);
  return respond(c, head, content, status);
}

type LinkPage = typeof resetPage;

function showLink(c: PageRequest, page: LinkPage, state: LinkState, failed: boolean): Response {
  const { head, content } = page(state);
  return respond(c, head, content, failed ? INVALID : 200);
}

/** The page that a mail's link opens. It changes nothing. */
function openLink(c: PageRequest, page: LinkPage): Response {
  const token = c.req.query("token") ?? "";
  return showLink(c, page, { ...UNTOUCHED, token }, token === "");
}

/** What is wrong with the link itself; anything else is thrown on. */
function wrongLink(error: unknown): string {
  const sentence = error instanceof AppError ? error.extras.fields?.["token"] : undefined;
  if (sentence === undefined) throw error;
  return sentence;
}

async function reset(c: PageRequest): Promise<Response> {
  const { ctx } = c.var;
  const form = await readForm(c);
  const token = form.get("token") ?? "";
  const read = readFields(form, { password: NEW_PASSWORD });
  if ("errors" in read) return showLink(c, resetPage, { form, token, errors: read.errors }, true);
  try {
    await perform(ctx, await resetPassword(ctx, { token, password: read.values.password }));
  } catch (error) {
    const password = passwordProblem(error);
    if (password !== undefined)
      return showLink(c, resetPage, { form, token, errors: { password } }, true);
    const failure = wrongLink(error);
    return showLink(c, resetPage, { form, token, errors: {}, failure }, true);
  }
  // Whoever is signed in here may be another person than the link's.
  if (ctx.person !== undefined) await signOut(ctx);
  forgetSession(c);
  return c.redirect(saying("/sign-in", "password-set"), 303);
}

async function verify(c: PageRequest): Promise<Response> {
  const form = await readForm(c);
  const token = form.get("token") ?? "";
  try {
    await perform(c.var.ctx, await verifyEmail(c.var.ctx, { token }));
  } catch (error) {
    const failure = wrongLink(error);
    return showLink(c, verifyPage, { form, token, errors: {}, failure }, true);
  }
  const home = c.var.ctx.person === undefined ? "/sign-in" : "/account";
  return c.redirect(saying(home, "verified"), 303);
}

export const mailLinkPages = new Hono<PageEnv>()
  .get("/forgot-password", (c) =>
    showForgot(c, { ...UNTOUCHED, sent: c.req.query("sent") !== undefined }),
  )
  .post("/forgot-password", async (c) => {
    const form = await readForm(c);
    const read = readFields(form, { email: EMAIL });
    if ("errors" in read) return showForgot(c, { form, errors: read.errors, sent: false }, INVALID);
    await perform(c.var.ctx, await forgotPassword(c.var.ctx, read.values));
    return c.redirect("/forgot-password?sent", 303);
  })
  .get("/reset-password", (c) => openLink(c, resetPage))
  .post("/reset-password", reset)
  .get("/verify-email", (c) => openLink(c, verifyPage))
  .post("/verify-email", verify);
