import type { Mutant } from "../mutant.ts";

const FORM_ADDRESSES = "test/pages/form-addresses.test.ts";
const LEADS = "leads to the page that has the form";
const SENT_BACK = "test/pages/sent-back.test.ts";

/** The address of a form, opened as if it were a page. */
const ADDRESSES: readonly Mutant[] = [
  {
    name: "the address of the checkout's form is no page",
    change: [
      `.get("/reservations/:id/checkout", (c) => c.redirect(pageOf(c.req.param("id")), 303))`,
      "",
    ],
    dies: FORM_ADDRESSES,
    by: LEADS,
  },
  {
    name: "the address of the form that gives a hold back is no page",
    change: [
      `.get("/reservations/:id/release", (c) => c.redirect(pageOf(c.req.param("id")), 303))`,
      "",
    ],
    dies: FORM_ADDRESSES,
    by: LEADS,
  },
  {
    name: "an address gives a hold back",
    change: [
      `.get("/reservations/:id/release", (c) => c.redirect(pageOf(c.req.param("id")), 303))`,
      `.get("/reservations/:id/release", async (c) => {
    await releaseReservation(c.var.ctx, accessOf(c, c.req.param("id")));
    return c.redirect(pageOf(c.req.param("id")), 303);
  })`,
    ],
    dies: FORM_ADDRESSES,
    by: "does nothing: the hold is held",
  },
  {
    name: "an address signs out",
    change: [
      `.get("/sign-out", (c) => c.redirect("/account", 303))`,
      `.get("/sign-out", async (c) => {
    if (c.var.ctx.person !== undefined) await signOut(c.var.ctx);
    return c.redirect("/account", 303);
  })`,
    ],
    dies: FORM_ADDRESSES,
    by: "nobody is signed out",
  },
  {
    name: "the address of the form that signs out is no page",
    change: [`.get("/sign-out", (c) => c.redirect("/account", 303))`, ""],
    dies: FORM_ADDRESSES,
    by: LEADS,
  },
  {
    name: "the addresses of the account's forms are no pages",
    change: [`.on("GET", FORMS["/account"], (c) => c.redirect("/account", 303))`, ""],
    dies: FORM_ADDRESSES,
    by: LEADS,
  },
  {
    name: "the addresses of the forms that end sessions are no pages",
    change: [
      `.on("GET", FORMS["/account/sessions"], (c) => c.redirect("/account/sessions", 303))`,
      "",
    ],
    dies: FORM_ADDRESSES,
    by: LEADS,
  },
];

/** What was typed into a form that could not be followed, for a moment. */
const KEPT: readonly Mutant[] = [
  {
    name: "a form that cannot be followed is sent once more by a refresh",
    change: ["return c.redirect(to, 303);", "return c.redirect(to, 307);"],
    in: "pages/sent-back",
    dies: SENT_BACK,
    by: "is answered with the way back to its page",
  },
  {
    name: "passwords are kept of a form that is sent back",
    change: ["[...form].filter(([name]) => KEPT.has(name))", "[...form]"],
    dies: SENT_BACK,
    by: "keeps no password and no key of what was sent",
  },
  {
    name: "a page says whatever a cookie says",
    change: [
      `(await unseal(c.var.ctx.config, sealed)) ?? ""`,
      "(await unseal(c.var.ctx.config, sealed)) ?? sealed",
    ],
    dies: SENT_BACK,
    by: "is nothing where the shop has not sealed it",
  },
  {
    name: "a broken cookie breaks the page",
    change: [
      "  } catch {\n    return undefined;\n  }",
      "  } catch (error) {\n    throw error;\n  }",
    ],
    in: "pages/sent-back",
    dies: SENT_BACK,
    by: "is nothing where the shop has not sealed it",
  },
  {
    name: "what was typed is shown for as long as the cookie is sent",
    change: ["kept.until <= ctx.now() || kept.userId", "kept.userId"],
    dies: SENT_BACK,
    by: "is shown for a minute",
  },
  {
    name: "what one has typed is shown to the next who signs in",
    change: [" || kept.userId !== (ctx.actor.user?.id ?? null)", ""],
    dies: SENT_BACK,
    by: "is not shown to whoever signs in at the same browser",
  },
  {
    name: "what was typed is shown on every page",
    change: [" || kept.page !== pathOf(c.req.url, c.req.url)", ""],
    dies: SENT_BACK,
    by: "is shown on its own page only",
  },
  {
    name: "what was wrong is said again and again",
    change: [`deleteCookie(c, COOKIE, { prefix: "host", path: "/", secure: true });`, ""],
    in: "pages/sent-back",
    dies: SENT_BACK,
    by: "which says it once and has what was typed",
  },
  {
    name: "a full form is more than a browser keeps of a cookie",
    change: ["if (bytes <= MAX_BYTES || kept.fields.length === 0) return kept;", "return kept;"],
    dies: SENT_BACK,
    by: "of full fields fits into what a browser keeps",
  },
  {
    name: "a page blames fields that it does not ask for any more",
    change: [`standing.stage === "choose" ? given : { ...given, errors: {} }`, "given"],
    dies: SENT_BACK,
    by: "says nothing of fields once the hold is ordered from another tab",
  },
  {
    name: "a stale form is answered with nothing where somebody is signed in by now",
    change: [
      "c.var.ctx.person !== undefined && back === undefined",
      "c.var.ctx.person !== undefined",
    ],
    dies: SENT_BACK,
    by: "A sign-in form of a stale page",
  },
];

/** Forms of pages: their addresses, and what becomes of those that cannot be followed. */
export const PAGE_FORMS: readonly Mutant[] = [...ADDRESSES, ...KEPT];
