import * as z from "zod";
import type { Context } from "../platform/context.ts";
import { answer, answerText } from "../platform/http/answer.ts";
import { PUBLIC_CATALOG } from "../platform/http/conventions.ts";
import { answerCreated, keyed } from "../platform/http/created.ts";
import { created, jsonBody, ok, page } from "../platform/http/envelope.ts";
import { listText, oneText, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { UNCACHED } from "../platform/http/security.ts";
import { createProduct } from "./create-product.ts";
import { getProductText, seesDrafts } from "./get-product.ts";
import { listProductTexts } from "./list-products.ts";
import { newProductSchema, type Product, productSchema, productStatusSchema } from "./product.ts";

/** What staff see may be nobody else's business, so no shared cache keeps it. */
const cacheControl = (ctx: Context) => (seesDrafts(ctx) ? UNCACHED : PUBLIC_CATALOG);

export const catalogRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/products",
      tags: ["Catalog"],
      summary: "Products with their variants, prices and availability",
      request: {
        query: pageQuery.extend({
          q: z.string().max(200).optional().meta({
            description:
              "Words of title and description: in any case, with or without accents, in the plural or not; the last one may be a beginning. Found in the order of their creation, and in another one among the newest 1000. A new or changed product is found within seconds.",
          }),
          sort: z.enum(["newest", "price", "-price", "popular"]).default("newest"),
          status: productStatusSchema
            .optional()
            .meta({ description: "`active` without it; drafts and archived ones are for staff." }),
        }),
      },
      responses: page("A page of products", productSchema),
      errors: ["FORBIDDEN"],
    }),
    async (c) => {
      const page = await listProductTexts(c.var.ctx, c.req.valid("query"));
      c.header("Cache-Control", cacheControl(c.var.ctx));
      return answerText(c, listText<Product>(page), 200);
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
      const product = await getProductText(c.var.ctx, c.req.valid("param"));
      c.header("Cache-Control", cacheControl(c.var.ctx));
      return answerText(c, oneText<Product>(product), 200);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/products",
      tags: ["Catalog"],
      summary: "Add a product with its variants and opening stock, all or nothing",
      request: { headers: keyed, body: jsonBody(newProductSchema) },
      responses: created("The product", productSchema),
      errors: ["CONFLICT"],
    }),
    async (c) => {
      const input = c.req.valid("json");
      const body = await answerCreated(c, input, () => createProduct(c.var.ctx, input));
      c.header("Location", `/api/v1/products/${body.data.id}`);
      return answer(c, body, 201);
    },
  );
