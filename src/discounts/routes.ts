import { answer } from "../platform/http/answer.ts";
import { answerCreated, keyed } from "../platform/http/created.ts";
import { byId, created, jsonBody, ok, page } from "../platform/http/envelope.ts";
import { withTag } from "../platform/http/if-match.ts";
import { listBody, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { createDiscount } from "./create-discount.ts";
import {
  discountChangesSchema,
  discountCodeSchema,
  discountSchema,
  newDiscountSchema,
} from "./discount.ts";
import { getDiscount, listDiscounts } from "./get-discount.ts";
import { updateDiscount } from "./update-discount.ts";

const tags = ["Discounts"];

export const discountRoutes = newRouter()
  .openapi(
    route({
      method: "post",
      path: "/discounts",
      tags,
      summary: "Make a discount code: a percentage of the goods, or an amount",
      request: { headers: keyed, body: jsonBody(newDiscountSchema) },
      responses: created("The discount", discountSchema),
      errors: ["CONFLICT"],
    }),
    async (c) => {
      const input = c.req.valid("json");
      const body = await answerCreated(c, input, () => createDiscount(c.var.ctx, input));
      c.header("Location", `/api/v1/discounts/${body.data.id}`);
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/discounts",
      tags,
      summary: "Discounts, newest first",
      request: { query: pageQuery.extend({ code: discountCodeSchema.optional() }) },
      responses: page("A page of discounts", discountSchema),
    }),
    async (c) => answer(c, listBody(await listDiscounts(c.var.ctx, c.req.valid("query"))), 200),
  )
  .openapi(
    route({
      method: "get",
      path: "/discounts/{id}",
      tags,
      summary: "One discount",
      request: { params: byId },
      responses: ok("The discount", discountSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const { discount, tag } = await getDiscount(c.var.ctx, c.req.valid("param"));
      c.header("ETag", tag);
      return answer(c, { data: discount }, 200);
    },
  )
  .openapi(
    route({
      method: "patch",
      path: "/discounts/{id}",
      tags,
      summary: "Change when, how often and whether at all a discount is good",
      request: {
        params: byId,
        headers: withTag,
        body: jsonBody(discountChangesSchema),
      },
      responses: ok("The discount", discountSchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const { discount, tag } = await updateDiscount(c.var.ctx, {
        ...c.req.valid("param"),
        changes: c.req.valid("json"),
        ifMatch: c.req.valid("header")["if-match"],
      });
      c.header("ETag", tag);
      return answer(c, { data: discount }, 200);
    },
  );
