import { Hono } from "hono";
import { PUBLIC_CATALOG } from "../platform/http/conventions.ts";
import { accountPages } from "./account/account-routes.tsx";
import type { PageEnv } from "./context.ts";
import { respond } from "./design/respond.ts";
import { readDocument } from "./docs/docs-model.ts";
import { docsPage } from "./docs/docs-page.tsx";
import { orderPages } from "./orders/order-routes.tsx";
import { mailLinkPages } from "./sign-in/mail-link-routes.tsx";
import { signInPages } from "./sign-in/sign-in-routes.tsx";
import { catalogPages } from "./storefront/catalog-routes.tsx";
import { reservationPages } from "./storefront/reservation-routes.tsx";

const FOR_PEOPLE_ONLY = [
  "/api/",
  "/orders/",
  "/reservations/",
  "/account",
  "/sign-in",
  "/register",
];
const ROBOTS = `User-agent: *\n${FOR_PEOPLE_ONLY.map((path) => `Disallow: ${path}\n`).join("")}`;

/** The storefront and the page to read the API on; `openApi` makes the API's document. */
export function storefront(openApi: () => unknown) {
  let docs: ReturnType<typeof docsPage> | undefined;
  return new Hono<PageEnv>()
    .route("/", catalogPages)
    .route("/", reservationPages)
    .route("/", orderPages)
    .route("/", signInPages)
    .route("/", mailLinkPages)
    .route("/", accountPages)
    .get("/docs", (c) => {
      docs ??= docsPage(readDocument(openApi()));
      c.header("Cache-Control", PUBLIC_CATALOG);
      return respond(c, docs.head, docs.content);
    })
    .get("/robots.txt", (c) => {
      c.header("Cache-Control", PUBLIC_CATALOG);
      return c.text(ROBOTS);
    });
}
