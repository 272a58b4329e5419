import * as z from "zod";
import { PUBLIC_CATALOG } from "../platform/http/conventions.ts";
import { answerCreated, keyed } from "../platform/http/created.ts";
import { created, jsonBody, ok, page } from "../platform/http/envelope.ts";
import { listBody, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { createProduct } from "./create-product.ts";
import { getProduct } from "./get-product.ts";
import { listProducts } from "./list-products.ts";
import { newProductSchema, productSchema } from "./product.ts";

export const catalogRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/products",
      tags: ["Catalog"],
      summary: "Active products with their variants, prices and availability",
      request: {
        query: pageQuery.extend({
          q: z.string().max(200).optional(),
          sort: z.enum(["newest", "price", "-price", "popular"]).default("newest"),
        }),
      },
      responses: page("A page of products", productSchema),
    }),
    async (c) => {
      const page = await listProducts(c.var.ctx, c.req.valid("query"));
      c.header("Cache-Control", PUBLIC_CATALOG);
      return c.json(listBody(page), 200);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/products/{idOrSlug}",
      tags: ["Catalog"],
      summary: "One product",
      request: { params: z.strictObject({ idOrSlug: z.string() }) },
      responses: ok("The product", productSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const product = await getProduct(c.var.ctx, c.req.valid("param"));
      c.header("Cache-Control", PUBLIC_CATALOG);
      return c.json({ data: product }, 200);
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
      return c.json(body, 201);
    },
  );
