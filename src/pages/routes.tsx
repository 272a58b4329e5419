import { Hono } from "hono";
import { PUBLIC_CATALOG } from "../platform/http/conventions.ts";
import { catalogPages } from "./catalog-routes.tsx";
import type { PageEnv } from "./context.ts";
import { readDocument } from "./docs-model.ts";
import { docsPage } from "./docs-page.tsx";
import { orderPages } from "./order-routes.tsx";
import { reservationPages } from "./reservation-routes.tsx";
import { respond } from "./respond.ts";

const ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /orders/\nDisallow: /reservations/\n";

/** The storefront and the page to read the API on; `openApi` makes the API's document. */
export function storefront(openApi: () => unknown) {
  let docs: ReturnType<typeof docsPage> | undefined;
  return new Hono<PageEnv>()
    .route("/", catalogPages)
    .route("/", reservationPages)
    .route("/", orderPages)
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
