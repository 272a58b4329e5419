import { Hono } from "hono";
import {
  endMyOtherSessions,
  endMySession,
  mySessions,
  type Person,
  resendVerification,
  updateMe,
} from "../../identity/index.ts";
import { listStoredOrders, showOrder } from "../../orders/index.ts";
import { accountOf } from "../../platform/access.ts";
import { AppError } from "../../platform/errors.ts";
import { perform } from "../../platform/idempotency/perform.ts";
import type { PageContext, PageEnv, PageRequest } from "../context.ts";
import { saying } from "../design/notices.tsx";
import { respond } from "../design/respond.ts";
import { readForm } from "../form.ts";
import { invalid, sendBack, sentBack } from "../sent-back.ts";
import { signedInOnly } from "../session.ts";
import {
  CURRENT_PASSWORD,
  NAME,
  NEW_PASSWORD,
  passwordProblem,
  readFields,
} from "../sign-in/identity-input.ts";
import { visitorOf } from "../visitor.ts";
import { accountPage } from "./account-page.tsx";
import { ordersPage } from "./orders-page.tsx";
import { sessionsPage } from "./sessions-page.tsx";

const ORDERS_A_PAGE = 20;

/** Whoever is signed in: `signedInOnly` has let nobody else in. */
function personOf(c: PageRequest): Person {
  const { person } = c.var.ctx;
  if (person === undefined) throw new Error("An account's page without signedInOnly.");
  return person;
}

async function showAccount(c: PageRequest): Promise<Response> {
  const back = await sentBack(c);
  const { head, content } = accountPage({
    person: personOf(c),
    done: c.req.query("done"),
    ...(back?.address === "/account/name" ? { name: back } : {}),
    ...(back?.address === "/account/password" ? { password: back } : {}),
  });
  return respond(c, head, content);
}

async function changePassword(c: PageRequest): Promise<Response> {
  const form = await readForm(c);
  const read = readFields(form, { currentPassword: CURRENT_PASSWORD, password: NEW_PASSWORD });
  if ("errors" in read) return sendBack(c, "/account", invalid(form, read.errors));
  try {
    await updateMe(c.var.ctx, read.values);
  } catch (error) {
    const password = passwordProblem(error);
    if (password !== undefined) return sendBack(c, "/account", invalid(form, { password }));
    const fields = error instanceof AppError ? error.extras.fields : undefined;
    if (fields?.["currentPassword"] === undefined) throw error;
    const errors = { currentPassword: "This is not the password that you have now." };
    return sendBack(c, "/account", invalid(form, errors));
  }
  return c.redirect(saying("/account", "password-changed"), 303);
}

async function showOrders(c: PageRequest): Promise<Response> {
  const { ctx } = c.var;
  const cursor = c.req.query("cursor");
  // Named also for staff, who would be answered everybody's orders: this page is about their own.
  const accountId = accountOf(ctx) ?? "";
  const page = await listStoredOrders(ctx, { accountId, cursor, pageSize: ORDERS_A_PAGE });
  const { head, content } = ordersPage({
    person: personOf(c),
    orders: page.items.map(showOrder),
    nextCursor: page.nextCursor,
    further: cursor !== undefined,
    timeZone: visitorOf(c).timeZone,
  });
  return respond(c, head, content);
}

async function showSessions(c: PageRequest): Promise<Response> {
  const { head, content } = sessionsPage({
    person: personOf(c),
    sessions: await mySessions(c.var.ctx),
    timeZone: visitorOf(c).timeZone,
    done: c.req.query("done"),
  });
  return respond(c, head, content);
}

/** The second of two clicks finds nothing to end, and the list says so by itself. */
async function endIfThere(ctx: PageContext, id: string): Promise<boolean> {
  try {
    await endMySession(ctx, { id });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") return false;
    throw error;
  }
}

/** The addresses of the forms, which a refresh or a history leads to, by the page that has them. */
const FORMS = {
  "/account": ["/account/name", "/account/password", "/account/verification"],
  "/account/sessions": ["/account/end-others", "/account/sessions/:id/end"],
};

export const accountPages = new Hono<PageEnv>()
  .use("/account", signedInOnly)
  .use("/account/*", signedInOnly)
  .on("GET", FORMS["/account"], (c) => c.redirect("/account", 303))
  .on("GET", FORMS["/account/sessions"], (c) => c.redirect("/account/sessions", 303))
  .get("/account", showAccount)
  .post("/account/name", async (c) => {
    const form = await readForm(c);
    const read = readFields(form, { name: NAME });
    if ("errors" in read) return sendBack(c, "/account", invalid(form, read.errors));
    await updateMe(c.var.ctx, read.values);
    return c.redirect(saying("/account", "name-changed"), 303);
  })
  .post("/account/password", changePassword)
  .post("/account/verification", async (c) => {
    await perform(c.var.ctx, await resendVerification(c.var.ctx));
    return c.redirect(saying("/account", "mail-sent"), 303);
  })
  .get("/account/orders", showOrders)
  .get("/account/sessions", showSessions)
  .post("/account/end-others", async (c) => {
    await endMyOtherSessions(c.var.ctx);
    return c.redirect(saying("/account/sessions", "others-ended"), 303);
  })
  .post("/account/sessions/:id/end", async (c) => {
    const ended = await endIfThere(c.var.ctx, c.req.param("id"));
    return c.redirect(
      ended ? saying("/account/sessions", "session-ended") : "/account/sessions",
      303,
    );
  });
