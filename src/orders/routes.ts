import * as z from "zod";
import { answer } from "../platform/http/answer.ts";
import { answerKeyed, keyed, keyedAlways } from "../platform/http/created.ts";
import { accepted, byId, created, jsonBody, ok, page } from "../platform/http/envelope.ts";
import { listBody, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { keyRequired } from "../platform/idempotency/key-use.ts";
import { noteSchema } from "../platform/text.ts";
import { addNote } from "./add-note.ts";
import { fulfillOrder } from "./fulfillments/fulfill-order.ts";
import { fulfillOrders } from "./fulfillments/fulfill-orders.ts";
import { newFulfillmentSchema } from "./fulfillments/new-fulfillment.ts";
import { fulfilledLineSchema, newFulfillmentsSchema } from "./fulfillments/new-fulfillments.ts";
import { getOrder, listOrderEvents } from "./get-order.ts";
import { listOrders } from "./listing/list-orders.ts";
import { orderQuery } from "./listing/order-filter.ts";
import { fulfillmentOfOrderSchema, orderEventSchema, orderSchema } from "./order.ts";
import { orderTokenHeader } from "./order-token.ts";
import { sendReceipt } from "./receipts/send-receipt.ts";
import { resolveAttention } from "./resolve-attention.ts";

const tags = ["Orders"];
const withToken = z.looseObject(orderTokenHeader);
const WALKED =
  "Filters can be combined. The orders are found by the index of one of them, and looked at for the others a thousand a page: so a page may have fewer orders than `pageSize`, or none, and a `nextCursor` all the same. `include=total` counts among the newest 10,000 that the index finds.";
const MAX_NOTE_CHARS = 2000;
const MAX_NOTE_BODY_CHARS = 5000;
const newNoteSchema = z.strictObject({ body: noteSchema(MAX_NOTE_BODY_CHARS) });
const resolutionSchema = z.strictObject({
  note: noteSchema(MAX_NOTE_CHARS).meta({
    description: "What was done about it; for the history as staff see it, and the audit log.",
  }),
});

const sentReceiptSchema = z
  .strictObject({ orderId: z.string(), email: z.string() })
  .meta({ id: "SentReceipt" });

export const orderRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/orders",
      tags,
      summary: "Orders, newest first",
      description: WALKED,
      request: { query: orderQuery },
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
      path: "/orders/{id}/receipt",
      tags,
      summary: "Send the receipt of a paid order again, five times an hour at most",
      request: { params: byId, headers: keyed },
      responses: accepted("It is on its way", sentReceiptSchema),
      errors: ["NOT_FOUND", "INVALID_TRANSITION"],
    }),
    async (c) => {
      const input = c.req.valid("param");
      const sent = await answerKeyed(c, input, (use) => sendReceipt(c.var.ctx, use, input));
      return answer(c, sent, 202);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/fulfillments",
      tags,
      summary: "Parcels of many paid orders were sent; mails each customer",
      description:
        "A result a line, in the order of the request: what is refused of one order keeps no other from being sent. A retry with the same key sends nothing twice, wherever the first try ended.",
      request: { headers: keyedAlways, body: jsonBody(newFulfillmentsSchema) },
      responses: ok("What became of each", z.array(fulfilledLineSchema)),
    }),
    async (c) => {
      const input = c.req.valid("json");
      const done = await answerKeyed(c, input, (use) => {
        if (use === undefined) throw keyRequired();
        return fulfillOrders(c.var.ctx, use, input);
      });
      return answer(c, done, 200);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/orders/{id}/notes",
      tags,
      summary: "Note something of an order for other staff; no customer sees it",
      request: { params: byId, headers: keyed, body: jsonBody(newNoteSchema) },
      responses: created("The entry in the order's history, for staff", orderEventSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const input = { ...c.req.valid("json"), ...c.req.valid("param") };
      const noted = await answerKeyed(c, input, (use) => addNote(c.var.ctx, use, input));
      c.header("Location", `/api/v1/orders/${input.id}/events`);
      return answer(c, noted, 201);
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
