import * as z from "zod";
import type { StoredOrder } from "../orders/index.ts";
import { type PaymentPage, paymentIntentSchema } from "../payments/index.ts";
import type { Statement } from "../platform/db.ts";
import { isId } from "../platform/ids.ts";
import type { EventConsumer, EventRow } from "../webhooks/index.ts";
import type { CheckoutContext } from "./context.ts";
import { applyDispute } from "./disputes/apply-dispute.ts";
import { topicOf } from "./event-types.ts";
import { applyRefunds } from "./refunds/apply-refund.ts";
import { applyPage } from "./settling/apply-page.ts";
import { findPaidOrder } from "./settling/find-paid-order.ts";
import { findOrderOfEvent } from "./store.ts";

const sessionEvent = z.object({ data: z.object({ object: z.object({ id: z.string() }) }) });
const chargeEvent = z.object({
  data: z.object({ object: z.object({ id: z.string(), payment_intent: paymentIntentSchema }) }),
});

interface Received {
  readonly event: EventRow;
  readonly order: StoredOrder | undefined;
  readonly settle: Statement;
}

const handlers = { session: bookSession, refund: bookRefund, dispute: bookDispute };

/** Stripe's events come late, twice and out of order, so the object is read afresh and its state decides, not the event. */
export const paymentEvents: EventConsumer<CheckoutContext, StoredOrder[]> = {
  load: findOrderOfEvent,
  handle: async (ctx, event, [order], settle) => {
    const topic = topicOf(event.type);
    return topic !== undefined && handlers[topic](ctx, { event, order, settle });
  },
};

async function bookSession(
  ctx: CheckoutContext,
  { event, order, settle }: Received,
): Promise<boolean> {
  if (order === undefined) {
    const { subject } = event;
    if (subject === null || !isId("ord", subject)) return false;
    throw new Error(`The order ${subject} is not here, or not yet.`);
  }
  const session = sessionEvent.parse(JSON.parse(event.payload));
  const page = await ctx.payments.readPage(session.data.object.id);
  if (page.state !== "paid" && !isOwn(order, page)) return false;
  if (paysAgain(order, page))
    throw new Error(`${page.paymentIntentId} pays for ${order.id} again: give it back at Stripe.`);
  await applyPage(ctx, order, page, [settle]);
  return true;
}

/** Whether it is the order's page; of one that the shop has not written down yet, any may be. */
function isOwn(order: StoredOrder, { sessionId: asked }: PaymentPage): boolean {
  return order.payments.some(({ sessionId }) => sessionId === null || sessionId === asked);
}

/** Somebody with access to Stripe has opened another page for the order; only a person can say which payment goes back. */
function paysAgain(order: StoredOrder, { state, paymentIntentId }: PaymentPage): boolean {
  const paid = order.payments.find(({ status }) => status === "succeeded");
  return state === "paid" && paid !== undefined && paid.paymentIntentId !== paymentIntentId;
}

/** Events of refunds and charges alike only say that something went back: Stripe's list says what. */
async function bookRefund(ctx: CheckoutContext, received: Received): Promise<boolean> {
  const found = await findPaid(ctx, received);
  if (found === null) return false;
  const refunds = await ctx.payments.listRefunds(found.paymentIntentId);
  await applyRefunds(ctx, found.paid, refunds, received.settle);
  return true;
}

async function bookDispute(ctx: CheckoutContext, received: Received): Promise<boolean> {
  const found = await findPaid(ctx, received);
  if (found === null) return false;
  const [dispute, refunds] = await Promise.all([
    ctx.payments.readDispute(found.objectId),
    ctx.payments.listRefunds(found.paymentIntentId),
  ]);
  await applyDispute(ctx, found.paid, { dispute, refunds }, received.settle);
  return true;
}

/** The paid order that an event of money going back is about; null when it is not the shop's. */
async function findPaid(ctx: CheckoutContext, { event, order }: Received) {
  const parsed = chargeEvent.safeParse(JSON.parse(event.payload));
  if (!parsed.success) return null;
  const { id: objectId, payment_intent: paymentIntentId } = parsed.data.data.object;
  const paid = await findPaidOrder(ctx, paymentIntentId, order);
  return paid === null ? null : { paid, objectId, paymentIntentId };
}
