import { Hono } from "hono";
import { forgotPassword, resetPassword, signOut, verifyEmail } from "../../identity/index.ts";
import { AppError, STATUS_OF } from "../../platform/errors.ts";
import { perform } from "../../platform/idempotency/perform.ts";
import type { PageEnv, PageRequest } from "../context.ts";
import { UNTOUCHED } from "../design/fields.tsx";
import { saying } from "../design/notices.tsx";
import { respond } from "../design/respond.ts";
import { readForm } from "../form.ts";
import { signInAddress } from "../local-path.ts";
import { invalid, sendBack, sentBack } from "../sent-back.ts";
import { forgetSession } from "../session.ts";
import { EMAIL, NEW_PASSWORD, passwordProblem, readFields } from "./identity-input.ts";
import {
  forgotPage,
  resetAddress,
  resetPage,
  verifyAddress,
  verifyPage,
} from "./mail-link-pages.tsx";

/** Longer than any token: what is, is none. */
const MAX_TOKEN_CHARS = 500;

/** A link without what it must carry. */
function statusOf(token: string): 200 | 422 {
  return token === "" ? STATUS_OF.VALIDATION_FAILED : 200;
}

async function showForgot(c: PageRequest): Promise<Response> {
  const back = await sentBack(c);
  const sent = back === undefined && c.req.query("sent") !== undefined;
  const { head, content } = forgotPage({ ...(back ?? UNTOUCHED), sent });
  return respond(c, head, content);
}

/** Opening it changes nothing. */
async function showReset(c: PageRequest): Promise<Response> {
  const token = tokenOf(c.req.query("token"));
  const { head, content } = resetPage({ ...((await sentBack(c)) ?? UNTOUCHED), token });
  return respond(c, head, content, statusOf(token));
}

/** Opening it changes nothing. */
async function showVerify(c: PageRequest): Promise<Response> {
  const token = tokenOf(c.req.query("token"));
  const email = c.var.ctx.person?.email;
  const back = await sentBack(c);
  const foreign = back?.code === "FORBIDDEN";
  const { head, content } = verifyPage({ ...(back ?? UNTOUCHED), token, email, foreign });
  return respond(c, head, content, statusOf(token));
}

/** What a mail's link carries. */
function tokenOf(given: string | undefined): string {
  return given === undefined || given.length > MAX_TOKEN_CHARS ? "" : given;
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
  const token = tokenOf(form.get("token"));
  const page = resetAddress(token);
  const read = readFields(form, { password: NEW_PASSWORD });
  if ("errors" in read) return sendBack(c, page, invalid(form, read.errors));
  try {
    await perform(ctx, await resetPassword(ctx, { token, password: read.values.password }));
  } catch (error) {
    const password = passwordProblem(error);
    if (password !== undefined) return sendBack(c, page, invalid(form, { password }));
    return sendBack(c, page, { ...invalid(form, {}), failure: wrongLink(error) });
  }
  // Whoever is signed in here may be another person than the link's.
  if (ctx.person !== undefined) await signOut(ctx);
  forgetSession(c);
  return c.redirect(saying("/sign-in", "password-set"), 303);
}

async function verify(c: PageRequest): Promise<Response> {
  const form = await readForm(c);
  const token = tokenOf(form.get("token"));
  const page = verifyAddress(token);
  const { ctx } = c.var;
  if (ctx.person === undefined) return c.redirect(signInAddress(page), 303);
  try {
    await perform(ctx, await verifyEmail(ctx, { token }));
  } catch (error) {
    if (error instanceof AppError && error.code === "FORBIDDEN")
      return sendBack(c, page, { code: error.code, form, errors: {} });
    return sendBack(c, page, { ...invalid(form, {}), failure: wrongLink(error) });
  }
  return c.redirect(saying("/account", "verified"), 303);
}

export const mailLinkPages = new Hono<PageEnv>()
  .get("/forgot-password", showForgot)
  .post("/forgot-password", async (c) => {
    const form = await readForm(c);
    const read = readFields(form, { email: EMAIL });
    if ("errors" in read) return sendBack(c, "/forgot-password", invalid(form, read.errors));
    await perform(c.var.ctx, await forgotPassword(c.var.ctx, read.values));
    return c.redirect("/forgot-password?sent", 303);
  })
  .get("/reset-password", showReset)
  .post("/reset-password", reset)
  .get("/verify-email", showVerify)
  .post("/verify-email", verify);
