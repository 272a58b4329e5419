import type { Context as HonoContext } from "hono";
import * as z from "zod";
import type { Context } from "../platform/context.ts";
import { answerKept, keptText } from "../platform/http/answer.ts";
import { CATALOG_TAG, PUBLIC_CATALOG } from "../platform/http/conventions.ts";
import type { ContextEnv } from "../platform/http/env.ts";
import { ok, page } from "../platform/http/envelope.ts";
import { type listBody, listText, pageQuery } from "../platform/http/pagination.ts";
import { wantsNoCache } from "../platform/http/request.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { UNCACHED } from "../platform/http/security.ts";
import type { KeptText } from "../platform/memory/kept.ts";
import { getProductText, seesDrafts } from "./get-product.ts";
import { listProductTexts } from "./list-products.ts";
import { type Product, productFilterSchema, productSchema } from "./product.ts";

/** What staff see may be nobody else's business, so no shared cache keeps it. */
const cacheControl = (ctx: Context) => (seesDrafts(ctx) ? UNCACHED : PUBLIC_CATALOG);

/**
 * Shoppers get what this isolate has kept under the key, unless they ask for it as it is now; staff, who change it, always
 * get what is in the database.
 */
async function answerCatalog<T>(
  c: HonoContext<ContextEnv<Context>>,
  key: string | undefined,
  read: () => Promise<KeptText>,
) {
  const { ctx } = c.var;
  const { memory } = ctx;
  const own =
    memory === undefined || key === undefined || seesDrafts(ctx) || wantsNoCache(c.req.raw.headers);
  const found = own ? await read() : await memory.recall(ctx, key, read);
  c.header("Cache-Control", cacheControl(ctx));
  if (!seesDrafts(ctx)) c.header("Cache-Tag", CATALOG_TAG);
  return answerKept<T, 200, Context>(c, found, 200);
}

export const catalogRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/products",
      tags: ["Catalog"],
      summary: "Products with their variants, prices and availability",
      request: {
        query: pageQuery.extend(productFilterSchema.shape),
      },
      responses: page("A page of products", productSchema),
      errors: ["FORBIDDEN"],
    }),
    async (c) => {
      const query = c.req.valid("query");
      // Of words there are too many, and the index hears of changes later than the shop.
      const key = (query.q ?? "") === "" ? `products ${JSON.stringify(query)}` : undefined;
      return answerCatalog<ReturnType<typeof listBody<Product>>>(c, key, async () =>
        keptText(listText(await listProductTexts(c.var.ctx, query))),
      );
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/products/{idOrSlug}",
      tags: ["Catalog"],
      summary: "One product; drafts and archived ones for staff",
      request: { params: z.strictObject({ idOrSlug: z.string() }) },
      responses: ok("The product", productSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const sought = c.req.valid("param");
      return answerCatalog<{ data: Product }>(c, `product ${sought.idOrSlug}`, () =>
        getProductText(c.var.ctx, sought),
      );
    },
  );
