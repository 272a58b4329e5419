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
import { forgetSession } from "../session.ts";
import { EMAIL, NEW_PASSWORD, passwordProblem, readFields } from "./identity-input.ts";
import {
  type ForgotState,
  forgotPage,
  type LinkState,
  resetPage,
  type VerifyState,
  verifyAddress,
  verifyPage,
} from "./mail-link-pages.tsx";

const INVALID = STATUS_OF.VALIDATION_FAILED;

function showForgot(c: PageRequest, state: ForgotState, status: 200 | typeof INVALID = 200) {
  const { head, content } = forgotPage(state);
  return respond(c, head, content, status);
}

function showReset(c: PageRequest, state: LinkState, failed: boolean): Response {
  const { head, content } = resetPage(state);
  return respond(c, head, content, failed ? INVALID : 200);
}

function showVerify(
  c: PageRequest,
  state: Omit<VerifyState, "email">,
  status: 200 | 403 | typeof INVALID,
): Response {
  const { head, content } = verifyPage({ ...state, email: c.var.ctx.person?.email });
  return respond(c, head, content, status);
}

/** What a mail's link carries. Opening it changes nothing. */
function tokenOf(c: PageRequest): string {
  return c.req.query("token") ?? "";
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
  if ("errors" in read) return showReset(c, { form, token, errors: read.errors }, true);
  try {
    await perform(ctx, await resetPassword(ctx, { token, password: read.values.password }));
  } catch (error) {
    const password = passwordProblem(error);
    if (password !== undefined) return showReset(c, { form, token, errors: { password } }, true);
    const failure = wrongLink(error);
    return showReset(c, { form, token, errors: {}, failure }, true);
  }
  // Whoever is signed in here may be another person than the link's.
  if (ctx.person !== undefined) await signOut(ctx);
  forgetSession(c);
  return c.redirect(saying("/sign-in", "password-set"), 303);
}

async function verify(c: PageRequest): Promise<Response> {
  const form = await readForm(c);
  const token = form.get("token") ?? "";
  const { ctx } = c.var;
  if (ctx.person === undefined) return c.redirect(signInAddress(verifyAddress(token)), 303);
  try {
    await perform(ctx, await verifyEmail(ctx, { token }));
  } catch (error) {
    if (error instanceof AppError && error.code === "FORBIDDEN")
      return showVerify(c, { form, token, errors: {}, foreign: true }, STATUS_OF.FORBIDDEN);
    const failure = wrongLink(error);
    return showVerify(c, { form, token, errors: {}, failure }, INVALID);
  }
  return c.redirect(saying("/account", "verified"), 303);
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
  .get("/reset-password", (c) => {
    const token = tokenOf(c);
    return showReset(c, { ...UNTOUCHED, token }, token === "");
  })
  .post("/reset-password", reset)
  .get("/verify-email", (c) => {
    const token = tokenOf(c);
    return showVerify(c, { ...UNTOUCHED, token }, token === "" ? INVALID : 200);
  })
  .post("/verify-email", verify);
