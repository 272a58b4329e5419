import * as z from "zod";
import { answer } from "../platform/http/answer.ts";
import { answerKeyed, keyed, keyedAlways } from "../platform/http/created.ts";
import { byId, created, jsonBody, ok, page } from "../platform/http/envelope.ts";
import { listBody, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { noteSchema } from "../platform/text.ts";
import { fulfillOrder } from "./fulfillments/fulfill-order.ts";
import { newFulfillmentSchema } from "./fulfillments/new-fulfillment.ts";
import { getOrder, listOrderEvents, listOrders } from "./get-order.ts";
import { orderFilterSchema } from "./listing/order-filter.ts";
import { fulfillmentOfOrderSchema, orderEventSchema, orderSchema } from "./order.ts";
import { orderTokenHeader } from "./order-token.ts";
import { resolveAttention } from "./resolve-attention.ts";

const tags = ["Orders"];
const withToken = z.looseObject(orderTokenHeader);
const MAX_NOTE_CHARS = 2000;
const resolutionSchema = z.strictObject({
  note: noteSchema(MAX_NOTE_CHARS).meta({
    description: "What was done about it; for the history as staff see it, and the audit log.",
  }),
});

export const orderRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/orders",
      tags,
      summary: "Orders, newest first",
      request: {
        query: pageQuery.extend(orderFilterSchema.shape),
      },
      responses: page("A page of orders", orderSchema),
    }),
    async (c) => answer(c, listBody(await listOrders(c.var.ctx, c.req.valid("query"))), 200),
  )
  .openapi(
    route({
      method: "get",
      path: "/orders/{id}",
      tags,
      summary: "One order: for its account, a guest with its token, and staff",
      request: { params: byId, headers: withToken },
      responses: ok("The order", orderSchema),
      errors: ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const token = c.req.valid("header")["x-order-token"];
      return answer(c, { data: await getOrder(c.var.ctx, { id, token }) }, 200);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/orders/{id}/events",
      tags,
      summary: "The order's history, oldest first",
      request: { params: byId, headers: withToken, query: pageQuery },
      responses: page("A page of its history", orderEventSchema),
      errors: ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const token = c.req.valid("header")["x-order-token"];
      const page = await listOrderEvents(c.var.ctx, { ...c.req.valid("query"), id, token });
      return answer(c, listBody(page), 200);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/orders/{id}/fulfillments",
      tags,
      summary: "A parcel of a paid order was sent; mails the customer",
      request: {
        params: byId,
        headers: keyedAlways,
        body: jsonBody(newFulfillmentSchema),
      },
      responses: created("The shipment", fulfillmentOfOrderSchema),
      errors: ["NOT_FOUND", "INVALID_TRANSITION"],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const input = { ...c.req.valid("json"), id };
      const body = await answerKeyed(c, input, (use) => fulfillOrder(c.var.ctx, use, input));
      c.header("Location", `/api/v1/orders/${id}`);
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/orders/{id}/attention/resolve",
      tags,
      summary: "Settle what an order calls a person for",
      request: { params: byId, headers: keyed, body: jsonBody(resolutionSchema) },
      responses: ok("The order, calling nobody", orderSchema),
      errors: ["NOT_FOUND", "INVALID_TRANSITION"],
    }),
    async (c) => {
      const input = { ...c.req.valid("json"), ...c.req.valid("param") };
      const resolved = await answerKeyed(c, input, (use) =>
        resolveAttention(c.var.ctx, use, input),
      );
      return answer(c, resolved, 200);
    },
  );
