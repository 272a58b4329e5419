import { keyedAlways } from "../platform/http/created.ts";
import { byId, created, jsonBody } from "../platform/http/envelope.ts";
import { countHold } from "../platform/http/rate-limit.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { keyRequired, readKey } from "../platform/idempotency/request.ts";
import type { CheckoutContext } from "./context.ts";
import { releaseReservation } from "./ending/release-reservation.ts";
import { checkoutSchema, newCheckoutSchema } from "./opening/checkout.ts";
import { startCheckout } from "./opening/start-checkout.ts";

export const checkoutRoutes = newRouter<CheckoutContext>()
  .openapi(
    route({
      method: "post",
      path: "/checkouts",
      tags: ["Checkout"],
      summary: "Turn a hold, or items, into an order with a payment page",
      request: { headers: keyedAlways, body: jsonBody(newCheckoutSchema) },
      responses: created("The order and where to pay", checkoutSchema),
      errors: [
        "NOT_FOUND",
        "CONFLICT",
        "INSUFFICIENT_STOCK",
        "RESERVATION_EXPIRED",
        "BUSINESS_RULE_VIOLATION",
        "UPSTREAM_FAILED",
      ],
    }),
    async (c) => {
      const { ctx } = c.var;
      const input = c.req.valid("json");
      const header = c.req.header("Idempotency-Key");
      if (input.items !== undefined) await countHold(ctx);
      const use = await readKey(ctx, { header, route: "POST /checkouts", input });
      if (use === undefined) throw keyRequired();
      const { body, replayed } = await startCheckout(ctx, use, input);
      c.header("Location", `/api/v1/orders/${body.data.orderId}`);
      if (replayed) c.header("Idempotency-Replayed", "true");
      return c.json(body, 201);
    },
  )
  .openapi(
    route({
      method: "delete",
      path: "/reservations/{id}",
      tags: ["Inventory"],
      summary: "Give a hold back; closes its payment page first",
      request: { params: byId },
      responses: { 204: { description: "The stock is free again" } },
      errors: ["NOT_FOUND", "RESERVATION_EXPIRED", "INVALID_TRANSITION", "UPSTREAM_FAILED"],
    }),
    async (c) => {
      await releaseReservation(c.var.ctx, c.req.valid("param"));
      return c.body(null, 204);
    },
  );
