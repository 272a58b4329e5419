import * as z from "zod";
import type { OrderRow } from "../orders/index.ts";
import type { Statement } from "../platform/db.ts";
import type { EventConsumer, EventRow } from "../webhooks/index.ts";
import { applyPage } from "./apply-page.ts";
import { applyRefund } from "./apply-refund.ts";
import type { CheckoutContext } from "./context.ts";
import { findOrderOfEvent } from "./store.ts";

/** What has to be switched on at Stripe's webhook endpoint for a purchase to be noticed at once. */
const SESSION_EVENTS = new Set([
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
]);
/** And for a refund that a bank decides on days later. */
const REFUND_EVENTS = new Set(["refund.updated", "refund.failed"]);

const sessionEvent = z.object({ data: z.object({ object: z.object({ id: z.string() }) }) });
const refundEvent = z.object({
  data: z.object({
    object: z.object({
      id: z.string(),
      metadata: z.object({ refundId: z.string().optional() }).nullish(),
    }),
  }),
});

/** Stripe's events come late, twice and out of order, so the object is read afresh and its state decides, not the event. */
export const paymentEvents: EventConsumer<CheckoutContext, OrderRow[]> = {
  load: findOrderOfEvent,
  handle: async (ctx, event, [order], settle) => {
    if (order === undefined) return false;
    if (REFUND_EVENTS.has(event.type)) return handleRefund(ctx, event, order, settle);
    if (!SESSION_EVENTS.has(event.type)) return false;
    const session = sessionEvent.parse(JSON.parse(event.payload));
    const page = await ctx.payments.readPage(session.data.object.id);
    await applyPage(ctx, order, page, [settle]);
    return true;
  },
};

/** A refund that somebody made at Stripe has no id of ours, and is not for us. */
async function handleRefund(
  ctx: CheckoutContext,
  event: EventRow,
  order: OrderRow,
  settle: Statement,
): Promise<boolean> {
  const { id, metadata } = refundEvent.parse(JSON.parse(event.payload)).data.object;
  const refundId = metadata?.refundId;
  if (refundId === undefined) return false;
  const { status } = await ctx.payments.readRefund(id);
  await applyRefund(ctx, order, { refundId, status, stripeRefundId: id }, [settle]);
  return true;
}
