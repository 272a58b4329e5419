import { Hono } from "hono";
import { getProductOnSale } from "../../catalog/index.ts";
import { CATALOG_TAG, PUBLIC_CATALOG } from "../../platform/http/conventions.ts";
import type { PageEnv, PageRequest } from "../context.ts";
import { keptPage, respond, settingsFor } from "../design/respond.ts";
import { readForm } from "../form.ts";
import { sendBack, sentBack } from "../sent-back.ts";
import { noteChange } from "../session.ts";
import { newVisit, withOwnKey } from "./form-key.tsx";
import { productListPage, readListQuery } from "./product-list.tsx";
import { firstChoice, productPage } from "./product-page.tsx";
import { readChoice, reserve } from "./reserve.ts";

function mayBeKept(c: PageRequest): void {
  c.header("Cache-Control", PUBLIC_CATALOG);
  c.header("Cache-Tag", CATALOG_TAG);
}

export const catalogPages = new Hono<PageEnv>()
  .get("/", async (c) => {
    const query = readListQuery(c.req.query());
    if (query.q === undefined) {
      const html = await keptPage(c, (settings) => productListPage(c.var.ctx, query, settings));
      mayBeKept(c);
      return c.html(html);
    }
    const { ctx } = c.var;
    const { head, content, resting } = await productListPage(ctx, query, settingsFor(ctx));
    if (!resting) mayBeKept(c);
    return respond(c, head, content);
  })
  // Not for shared caches: the page holds the form's own key, and two people with one key would share a hold.
  .get("/products/:slug", async (c) => {
    const { ctx } = c.var;
    const siteKey = ctx.config.turnstile?.siteKey;
    const resizes = ctx.config.imageResizing;
    const find = () => getProductOnSale(ctx, { idOrSlug: c.req.param("slug") });
    const back = await sentBack(c);
    if (back === undefined) {
      const visit = newVisit(ctx.now());
      const html = await keptPage(c, async () => {
        const product = await find();
        return productPage(product, {
          choice: firstChoice(product),
          siteKey,
          resizes,
          visit: undefined,
        });
      });
      return c.html(withOwnKey(html, visit));
    }
    const { errors, form } = back;
    const visit = newVisit(ctx.now());
    const state = { choice: readChoice(form), errors, siteKey, resizes, visit };
    const { head, content } = productPage(await find(), state);
    return respond(c, head, content);
  })
  .post("/products/:slug", async (c) => {
    const { ctx } = c.var;
    const form = await readForm(c);
    const product = await getProductOnSale(ctx, { idOrSlug: c.req.param("slug") });
    const reserved = await reserve(ctx, product, form);
    if ("reservation" in reserved) {
      noteChange(c);
      return c.redirect(`/reservations/${reserved.reservation.id}`, 303);
    }
    return sendBack(c, `/products/${product.slug}`, { ...reserved, form });
  });
