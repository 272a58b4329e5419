import * as z from "zod";
import type { OrderRow } from "../orders/index.ts";
import type { EventConsumer } from "../webhooks/index.ts";
import { applyPage } from "./apply-page.ts";
import type { CheckoutContext } from "./context.ts";
import { findOrderOfEvent } from "./store.ts";

/** What has to be switched on at Stripe's webhook endpoint for a purchase to be noticed at once. */
const SESSION_EVENTS = new Set([
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
]);

const sessionEvent = z.object({ data: z.object({ object: z.object({ id: z.string() }) }) });

/** Stripe's events come late, twice and out of order, so the session is read afresh and its state decides, not the event. */
export const paymentEvents: EventConsumer<CheckoutContext, OrderRow[]> = {
  load: findOrderOfEvent,
  handle: async (ctx, event, [order], settle) => {
    if (order === undefined || !SESSION_EVENTS.has(event.type)) return false;
    const session = sessionEvent.parse(JSON.parse(event.payload));
    const page = await ctx.payments.readPage(session.data.object.id);
    await applyPage(ctx, order, page, [settle]);
    return true;
  },
};
