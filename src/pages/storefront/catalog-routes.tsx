import { Hono } from "hono";
import { getProductOnSale } from "../../catalog/index.ts";
import { PUBLIC_CATALOG } from "../../platform/http/conventions.ts";
import { madeOnce } from "../../platform/prepared.ts";
import type { PageEnv } from "../context.ts";
import { keptPage, respond } from "../design/respond.ts";
import { readForm } from "../form.ts";
import { sendBack, sentBack } from "../sent-back.ts";
import { noteChange } from "../session.ts";
import { productListPage, readListQuery } from "./product-list.tsx";
import { firstChoice, productPage } from "./product-page.tsx";
import { readChoice, reserve } from "./reserve.ts";

/** What stands in a kept page where each visitor's own key and the time of each answer go: nothing that anybody could have written into a product. */
const place = madeOnce(() => ({ forKey: crypto.randomUUID(), forNow: crypto.randomUUID() }));

export const catalogPages = new Hono<PageEnv>()
  .get("/", async (c) => {
    const query = readListQuery(c.req.query());
    if (query.q === undefined) {
      const html = await keptPage(c, () => productListPage(c.var.ctx, query));
      c.header("Cache-Control", PUBLIC_CATALOG);
      return c.html(html);
    }
    const { head, content, resting } = await productListPage(c.var.ctx, query);
    if (!resting) c.header("Cache-Control", PUBLIC_CATALOG);
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
      const { forKey, forNow } = place();
      const html = await keptPage(c, async () => {
        const product = await find();
        const choice = firstChoice(product);
        return productPage(product, { choice, siteKey, resizes, formKey: forKey, now: forNow });
      });
      return c.html(html.replace(forKey, crypto.randomUUID()).replace(forNow, String(ctx.now())));
    }
    const { errors, form } = back;
    const own = { formKey: crypto.randomUUID(), now: String(ctx.now()) };
    const state = { choice: readChoice(form), errors, siteKey, resizes, ...own };
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
