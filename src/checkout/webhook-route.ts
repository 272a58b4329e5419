import * as z from "zod";
import { answer } from "../platform/http/answer.ts";
import { ok } from "../platform/http/envelope.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { receiveEvent } from "../webhooks/index.ts";
import type { CheckoutContext } from "./context.ts";

/** Verifies and stores; everything else happens from the queue. */
export const stripeWebhookRoute = newRouter<CheckoutContext>().openapi(
  route({
    method: "post",
    path: "/webhooks/stripe",
    tags: ["Webhooks in"],
    summary: "Stripe's events; 200 once the raw event is stored",
    responses: ok("Stored", z.strictObject({ received: z.literal(true) })),
    errors: ["INVALID_SIGNATURE", "MALFORMED_JSON", "PAYLOAD_TOO_LARGE"],
  }),
  async (c) => {
    const { ctx } = c.var;
    const payload = await c.req.text();
    const event = await ctx.payments.verify(payload, c.req.raw.headers, ctx.now());
    await receiveEvent(ctx, { ...event, provider: ctx.payments.provider, payload });
    return answer(c, { data: { received: true as const } }, 200);
  },
);
