import { Hono } from "hono";
import { getProductOnSale } from "../../catalog/index.ts";
import { PUBLIC_CATALOG } from "../../platform/http/conventions.ts";
import type { PageEnv } from "../context.ts";
import { respond } from "../design/respond.ts";
import { readForm } from "../form.ts";
import { sendBack, sentBack } from "../sent-back.ts";
import { productListPage, readListQuery } from "./product-list.tsx";
import { firstChoice, productPage } from "./product-page.tsx";
import { readChoice, reserve } from "./reserve.ts";

export const catalogPages = new Hono<PageEnv>()
  .get("/", async (c) => {
    const query = readListQuery(c.req.query());
    const { head, content, resting } = await productListPage(c.var.ctx, query);
    if (!resting) c.header("Cache-Control", PUBLIC_CATALOG);
    return respond(c, head, content);
  })
  // Not for shared caches: the page holds the form's own key, and two people with one key would share a hold.
  .get("/products/:slug", async (c) => {
    const { ctx } = c.var;
    const product = await getProductOnSale(ctx, { idOrSlug: c.req.param("slug") });
    const back = await sentBack(c);
    const { head, content } = productPage(product, {
      choice: back === undefined ? firstChoice(product) : readChoice(back.form),
      errors: back?.errors ?? {},
      siteKey: ctx.config.turnstile?.siteKey,
    });
    return respond(c, head, content);
  })
  .post("/products/:slug", async (c) => {
    const { ctx } = c.var;
    const form = await readForm(c);
    const product = await getProductOnSale(ctx, { idOrSlug: c.req.param("slug") });
    const reserved = await reserve(ctx, product, form);
    if ("reservation" in reserved)
      return c.redirect(`/reservations/${reserved.reservation.id}`, 303);
    return sendBack(c, `/products/${product.slug}`, { ...reserved, form });
  });
