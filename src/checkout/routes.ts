import * as z from "zod";
import { itemsSchema, reservationSchema } from "../inventory/index.ts";
import { changeHold, orderTokenHeader, readHold } from "../orders/index.ts";
import { answer } from "../platform/http/answer.ts";
import { keyedAlways } from "../platform/http/created.ts";
import { byId, created, jsonBody, ok } from "../platform/http/envelope.ts";
import { ifMatchHeader, requireSeen } from "../platform/http/if-match.ts";
import { countHold } from "../platform/http/rate-limit.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { keyRequired, readKey } from "../platform/idempotency/key-use.ts";
import { turnstileTokenSchema, withoutToken } from "../platform/turnstile.ts";
import type { CheckoutContext } from "./context.ts";
import { releaseReservation } from "./ending/release-reservation.ts";
import { checkoutSchema, newCheckoutSchema } from "./opening/checkout.ts";
import { startCheckout } from "./opening/start-checkout.ts";

/** Once a hold has an order, the order's. */
const withToken = z.looseObject(orderTokenHeader);

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
        "NOT_ON_SALE",
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
      const use = await readKey(ctx, {
        header,
        route: "POST /checkouts",
        input: withoutToken(input),
      });
      if (use === undefined) throw keyRequired();
      const { body, replayed } = await startCheckout(ctx, use, input);
      c.header("Location", `/api/v1/orders/${body.data.orderId}`);
      if (replayed) c.header("Idempotency-Replayed", "true");
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/reservations/{id}",
      tags: ["Inventory"],
      summary:
        "A hold; a guest's belongs to whoever knows its id, or has the token of its order. Staff may call it by its `ref`",
      request: { params: byId, headers: withToken },
      responses: ok("The hold", reservationSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const token = c.req.valid("header")["x-order-token"];
      return answer(c, { data: await readHold(c.var.ctx, { id, token }) }, 200);
    },
  )
  .openapi(
    route({
      method: "patch",
      path: "/reservations/{id}",
      tags: ["Inventory"],
      summary: "Hold other items until the same moment: all of them, or the hold keeps what it had",
      description:
        "`items` is all that the hold has from then on. What it had already keeps its price, as long as no more is asked of it. Its holder's alone, until it has an order. Where the shop has Turnstile, a SKU that the hold does not have yet wants a `turnstileToken`, as a new hold does.",
      request: {
        params: byId,
        headers: withToken,
        body: jsonBody(
          z.strictObject({ items: itemsSchema, turnstileToken: turnstileTokenSchema }),
        ),
      },
      responses: ok("The hold", reservationSchema),
      errors: [
        "NOT_FOUND",
        "INSUFFICIENT_STOCK",
        "NOT_ON_SALE",
        "INVALID_TRANSITION",
        "RESERVATION_EXPIRED",
        "BUSINESS_RULE_VIOLATION",
      ],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const token = c.req.valid("header")["x-order-token"];
      const wanted = c.req.valid("json");
      return answer(c, { data: await changeHold(c.var.ctx, { id, token, ...wanted }) }, 200);
    },
  )
  .openapi(
    route({
      method: "delete",
      path: "/reservations/{id}",
      tags: ["Inventory"],
      summary: "Give a hold back; closes its payment page first. Staff may call it by its `ref`",
      request: { params: byId, headers: withToken.extend(ifMatchHeader) },
      responses: { 204: { description: "The stock is free again" } },
      errors: [
        "NOT_FOUND",
        "PRECONDITION_FAILED",
        "RESERVATION_EXPIRED",
        "INVALID_TRANSITION",
        "UPSTREAM_FAILED",
      ],
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { "x-order-token": token, "if-match": tag } = c.req.valid("header");
      await requireSeen(tag, () => readHold(c.var.ctx, { id, token }));
      await releaseReservation(c.var.ctx, { id, token });
      return c.body(null, 204);
    },
  );
