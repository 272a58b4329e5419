import { answer, answerKept } from "../../platform/http/answer.ts";
import { answerCreated, keyed } from "../../platform/http/created.ts";
import { byId, created, jsonBody, ok } from "../../platform/http/envelope.ts";
import { withTag } from "../../platform/http/if-match.ts";
import { oneText } from "../../platform/http/pagination.ts";
import { newRouter, route } from "../../platform/http/router.ts";
import { perform } from "../../platform/idempotency/perform.ts";
import { tagged, tagOfPart } from "../present-product.ts";
import { newProductSchema, type Product, productChangesSchema, productSchema } from "../product.ts";
import { newVariantSchema, type Variant, variantChangesSchema, variantSchema } from "../variant.ts";
import { addVariant } from "./add-variant.ts";
import { createProduct } from "./create-product.ts";
import { archiveProduct, updateProduct } from "./update-product.ts";
import { archiveVariant, updateVariant } from "./update-variant.ts";

const tags = ["Catalog"];

export const catalogChangeRoutes = newRouter()
  .openapi(
    route({
      method: "post",
      path: "/products",
      tags,
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
  )
  .openapi(
    route({
      method: "patch",
      path: "/products/{id}",
      tags,
      summary: "Change a product: what it says, when it is sold, and whether",
      description:
        "Holds and orders keep what they were made with. The part of the `ETag` before the dash is the product's version, which is all that `If-Match` asks for: it changes with the product, its variants and its pictures, and not with the stock.",
      request: { params: byId, headers: withTag, body: jsonBody(productChangesSchema) },
      responses: ok("The product", productSchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED", "CONFLICT"],
    }),
    async (c) => {
      const { ctx } = c.var;
      const changed = updateProduct(ctx, {
        ...c.req.valid("param"),
        changes: c.req.valid("json"),
        ifMatch: c.req.valid("header")["if-match"],
      });
      return answerKept<{ data: Product }, 200, typeof ctx>(
        c,
        await tagged(await perform(ctx, changed)),
        200,
      );
    },
  )
  .openapi(
    route({
      method: "delete",
      path: "/products/{id}",
      tags,
      summary: "Archive a product: staff see it still, and it can be made active again",
      request: { params: byId, headers: withTag },
      responses: { 204: { description: "The product is archived" } },
      errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    }),
    async (c) => {
      const ifMatch = c.req.valid("header")["if-match"];
      await perform(c.var.ctx, archiveProduct(c.var.ctx, { ...c.req.valid("param"), ifMatch }));
      return c.body(null, 204);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/products/{id}/variants",
      tags,
      summary: "Add a variant to a product, with its opening stock",
      request: { params: byId, headers: keyed, body: jsonBody(newVariantSchema) },
      responses: created("The variant", variantSchema),
      errors: ["NOT_FOUND", "CONFLICT", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const variant = c.req.valid("json");
      const body = await answerCreated(c, variant, () => addVariant(c.var.ctx, { id, variant }));
      c.header("Location", `/api/v1/products/${id}`);
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "patch",
      path: "/variants/{id}",
      tags,
      summary: "Change a variant, its place among the others, or offer it again",
      description:
        "Holds and orders keep what they were made with. `If-Match` takes the `ETag` of the product.",
      request: { params: byId, headers: withTag, body: jsonBody(variantChangesSchema) },
      responses: ok("The variant", variantSchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const { ctx } = c.var;
      const changed = updateVariant(ctx, {
        ...c.req.valid("param"),
        changes: c.req.valid("json"),
        ifMatch: c.req.valid("header")["if-match"],
      });
      const versioned = await perform(ctx, changed);
      const kept = { text: oneText<Variant>(versioned.text), etag: tagOfPart(versioned) };
      return answerKept<{ data: Variant }, 200, typeof ctx>(c, kept, 200);
    },
  )
  .openapi(
    route({
      method: "delete",
      path: "/variants/{id}",
      tags,
      summary: "Archive a variant: it is not offered any more, and can be offered again",
      request: { params: byId, headers: withTag },
      responses: { 204: { description: "The variant is archived" } },
      errors: ["NOT_FOUND", "PRECONDITION_FAILED", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const ifMatch = c.req.valid("header")["if-match"];
      await perform(c.var.ctx, archiveVariant(c.var.ctx, { ...c.req.valid("param"), ifMatch }));
      return c.body(null, 204);
    },
  );
