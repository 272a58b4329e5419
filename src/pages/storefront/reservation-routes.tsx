import { Hono } from "hono";
import { releaseReservation } from "../../checkout/index.ts";
import type { Person } from "../../identity/index.ts";
import { type HoldAccess, openHold, orderTokenOf } from "../../orders/index.ts";
import { accountOf } from "../../platform/access.ts";
import { deliveredTo } from "../../platform/countries.ts";
import { AppError, type ErrorCode } from "../../platform/errors.ts";
import type { PageEnv, PageRequest } from "../context.ts";
import { respond } from "../design/respond.ts";
import { type Form, readForm } from "../form.ts";
import { guestBrowserOf, keepGuestBrowser } from "../guest-browser.ts";
import { signInAddress } from "../local-path.ts";
import { invalid, sendBack, sentBack } from "../sent-back.ts";
import { noteChange } from "../session.ts";
import { visitorOf } from "../visitor.ts";
import { checkOut } from "./check-out.ts";
import { countdownSvg } from "./countdown.ts";
import { loadHold } from "./reservation.ts";
import { reservationPage } from "./reservation-page.tsx";

/** What went wrong with a hold that still has a page to say it on. */
const SAID_ON_THE_PAGE = new Set<ErrorCode>([
  "RESERVATION_EXPIRED",
  "INVALID_TRANSITION",
  "CONFLICT",
  "BUSINESS_RULE_VIOLATION",
  "UPSTREAM_FAILED",
]);

/** What we know already of somebody who is signed in. */
function typedBefore(person: Person | undefined): Form {
  return new Map(
    person === undefined ? [] : [["email", person.email] as const, ["name", person.name] as const],
  );
}

function pageOf(id: string): string {
  return `/reservations/${encodeURIComponent(id)}`;
}

function accessOf(c: PageRequest, id: string): HoldAccess {
  return { id, browser: guestBrowserOf(c) };
}

async function show(c: PageRequest, id: string): Promise<Response> {
  const { ctx } = c.var;
  const hold = await loadHold(ctx, accessOf(c, id));
  const back = await sentBack(c);
  // Before the form is sent: were its answer lost, the browser could not show that the order is its own.
  if (ctx.person === undefined) keepGuestBrowser(c);
  const { head, content } = reservationPage({
    hold,
    visitor: visitorOf(c),
    countries: deliveredTo(ctx.config.terms.countries),
    now: ctx.now(),
    form: back === undefined || back.form.size === 0 ? typedBefore(ctx.person) : back.form,
    errors: back?.errors ?? {},
    failure: back?.failure,
  });
  return respond(c, head, content);
}

/**
 * Answers about a hold. One that is not there for a browser in which nobody is signed in may be an account's, so it leads
 * to the sign-in and back to `page`: from there all the same whether there is such a hold.
 */
async function orSignIn(
  c: PageRequest,
  page: string,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    const { person, log } = c.var.ctx;
    const missing = error instanceof AppError && error.code === "NOT_FOUND";
    if (!missing || person !== undefined) throw error;
    log.set({ code: error.code });
    return c.redirect(signInAddress(page), 303);
  }
}

/** Does something with a hold, and says on its page why it could not. */
function trying(
  c: PageRequest,
  id: string,
  form: Form,
  act: () => Promise<Response>,
): Promise<Response> {
  return orSignIn(c, pageOf(id), async () => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof AppError) || !SAID_ON_THE_PAGE.has(error.code)) throw error;
      const { code, message: failure } = error;
      return sendBack(c, pageOf(id), { code, form, errors: {}, failure });
    }
  });
}

async function leadToOrder(c: PageRequest, id: string): Promise<Response> {
  const { ctx } = c.var;
  const { order } = await openHold(ctx, accessOf(c, id));
  if (order === undefined) return c.redirect(pageOf(id), 303);
  // Whoever is signed in to the order's account needs none.
  const mine = order.accountId !== null && order.accountId === accountOf(ctx);
  const token = mine ? "" : `?token=${await orderTokenOf(ctx, order.id)}`;
  return c.redirect(`/orders/${order.id}${token}`, 303);
}

export const reservationPages = new Hono<PageEnv>()
  .get("/reservations/:id", (c) => {
    const id = c.req.param("id");
    return orSignIn(c, pageOf(id), () => show(c, id));
  })
  .get("/reservations/:id/countdown.svg", async (c) => {
    const { ctx } = c.var;
    const { reservation } = await openHold(ctx, accessOf(c, c.req.param("id")));
    const { status, expiresAt } = reservation;
    const svg = countdownSvg({
      remainingMs: status === "held" ? Date.parse(expiresAt) - ctx.now() : 0,
      theme: c.req.query("theme") === "dark" ? "dark" : "light",
      digits: c.req.query("digits") !== "off",
    });
    return c.body(svg, 200, { "Content-Type": "image/svg+xml" });
  })
  .get("/reservations/:id/checkout", (c) => c.redirect(pageOf(c.req.param("id")), 303))
  .post("/reservations/:id/checkout", async (c) => {
    const id = c.req.param("id");
    const form = await readForm(c);
    return trying(c, id, form, async () => {
      const { ctx } = c.var;
      const hold = await loadHold(ctx, accessOf(c, id));
      const done = await checkOut(ctx, { hold, form, browser: keepGuestBrowser(c) });
      if ("paymentUrl" in done) return c.redirect(done.paymentUrl, 303);
      return sendBack(c, pageOf(id), invalid(form, done.errors));
    });
  })
  .get("/reservations/:id/release", (c) => c.redirect(pageOf(c.req.param("id")), 303))
  .post("/reservations/:id/release", async (c) => {
    const id = c.req.param("id");
    const form = await readForm(c);
    return trying(c, id, form, async () => {
      await releaseReservation(c.var.ctx, accessOf(c, id));
      noteChange(c);
      return c.redirect(pageOf(id), 303);
    });
  })
  // Stripe's way back: the hold's holder learns of the order here, which did not exist when the address was given away.
  .get("/reservations/:id/order", (c) => {
    const id = c.req.param("id");
    return orSignIn(c, `${pageOf(id)}/order`, () => leadToOrder(c, id));
  });
