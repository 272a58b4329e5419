import * as z from "zod";
import { orderSchema, orderTokenHeader, refundOfOrderSchema } from "../orders/index.ts";
import { answer } from "../platform/http/answer.ts";
import { answerKeyed, keyed, keyedAlways } from "../platform/http/created.ts";
import { byId, created, json, jsonBody, ok } from "../platform/http/envelope.ts";
import { newRouter, route } from "../platform/http/router.ts";
import type { CheckoutContext } from "./context.ts";
import { cancelOrder } from "./ending/cancel-order.ts";
import { newRefundSchema, reasonSchema } from "./refunds/new-refund.ts";
import { refundOrder } from "./refunds/refund-order.ts";

const cancellationSchema = z.strictObject({
  reason: reasonSchema.optional(),
  restock: z.boolean().optional().meta({
    description:
      "Of a paid order: whether its goods are on hand again. They are unless it is false.",
  }),
});
const withTokenAndKey = keyed.extend(orderTokenHeader);

/** What ends an order or sends its money back: beside Stripe, which is why they are not with the orders. */
export const orderActionRoutes = newRouter<CheckoutContext>()
  .openapi(
    route({
      method: "post",
      path: "/orders/{id}/cancel",
      tags: ["Orders"],
      summary: "Cancel an order: its buyer before it is paid, staff before it is sent",
      request: {
        params: byId,
        headers: withTokenAndKey,
        body: { required: false, content: json(cancellationSchema) },
      },
      responses: ok("The order, canceled", orderSchema),
      errors: [
        "IDEMPOTENCY_KEY_REUSED",
        "IDEMPOTENCY_KEY_IN_USE",
        "UNAUTHENTICATED",
        "FORBIDDEN",
        "NOT_FOUND",
        "INVALID_TRANSITION",
        "UPSTREAM_FAILED",
      ],
    }),
    async (c) => {
      const token = c.req.valid("header")["x-order-token"];
      const input = { ...c.req.valid("json"), ...c.req.valid("param"), token };
      return answer(
        c,
        await answerKeyed(c, input, (use) => cancelOrder(c.var.ctx, use, input)),
        200,
      );
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/orders/{id}/refunds",
      tags: ["Orders"],
      summary: "Send money back: all that is left, an amount, or what was paid for items",
      request: {
        params: byId,
        headers: keyedAlways,
        body: jsonBody(newRefundSchema),
      },
      responses: created("The refund; it is on its way to the bank", refundOfOrderSchema),
      errors: ["NOT_FOUND", "INVALID_TRANSITION", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const input = { ...c.req.valid("json"), id };
      const body = await answerKeyed(c, input, (use) => refundOrder(c.var.ctx, use, input));
      c.header("Location", `/api/v1/orders/${id}`);
      return answer(c, body, 201);
    },
  );
