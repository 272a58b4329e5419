import type { StoredOrder } from "../orders/index.ts";
import { type PaymentNews, type PaymentSession, PaymentUnavailable } from "../payments/index.ts";
import type { Statement } from "../platform/db.ts";
import { type EventConsumer, EventHeldUp } from "../webhooks/index.ts";
import type { CheckoutContext } from "./context.ts";
import { applyDispute } from "./disputes/apply-dispute.ts";
import { isPaying, rebuildOrder } from "./rebuilding/rebuild-order.ts";
import { applyRefunds } from "./refunds/apply-refund.ts";
import { applySession } from "./settling/apply-session.ts";
import { findPaidOrder } from "./settling/find-paid-order.ts";
import { isOurs, orderNotHere } from "./settling/whose-payment.ts";
import { findOrderOfEvent } from "./store.ts";
import { noticeOfSecondPayment } from "./strange-money.ts";

interface Received {
  readonly order: StoredOrder | undefined;
  /** What the event names: an order's id, or that of a payment at the provider. */
  readonly subject: string | null;
  readonly settle: Statement;
}

type News<Kind extends PaymentNews["kind"]> = PaymentNews & { readonly kind: Kind };

/** What payment providers tell: it says where to look, and what is there decides. */
export const paymentEvents: EventConsumer<CheckoutContext, StoredOrder[]> = {
  load: findOrderOfEvent,
  isAway: (error) => error instanceof PaymentUnavailable,
  handle: async (ctx, event, [order], settle) => {
    const news = ctx.payments.newsOf(event);
    if (news === null) return false;
    const received = { order, subject: event.subject, settle };
    if (news.kind === "session") return bookSession(ctx, news, received);
    return bookMoneyBack(ctx, news, received);
  },
};

async function bookSession(
  ctx: CheckoutContext,
  { id, mark }: News<"session">,
  { order, settle }: Received,
): Promise<boolean> {
  if (!isOurs(mark, order, id)) return false;
  if (id === null) throw new Error("The event does not name its session.");
  if (order === undefined) return bookLost(ctx, id, settle);
  const session = await ctx.payments.readSession(id);
  if (session.state !== "paid" && !isOwn(order, session)) return false;
  if (paysAgain(order, session))
    throw new EventHeldUp(
      `${session.providerPaymentId} pays for ${order.id} again: give it back at ${ctx.payments.name}.`,
      { notice: noticeOfSecondPayment(ctx, order, session) },
    );
  await applySession(ctx, order, session, [settle]);
  return true;
}

/** A session of an order that is not here: one that was paid has the order written again first. */
async function bookLost(ctx: CheckoutContext, id: string, settle: Statement): Promise<boolean> {
  const origin = await ctx.payments.readOrigin(id);
  const { orderId, session } = origin;
  if (orderId === null || !isPaying(session)) return false;
  const order = await rebuildOrder(ctx, { ...origin, orderId });
  if (order === undefined) throw orderNotHere(orderId);
  await applySession(ctx, order, session, [settle]);
  return true;
}

/** Whether it is the order's session; of one that the shop has not written down yet, any may be. */
function isOwn(order: StoredOrder, { sessionId: asked }: PaymentSession): boolean {
  return order.payments.some(({ sessionId }) => sessionId === null || sessionId === asked);
}

/** Somebody with access to Stripe has opened another session for the order; only a person can say which payment goes back. */
function paysAgain(order: StoredOrder, { state, providerPaymentId }: PaymentSession): boolean {
  const paid = order.payments.find(({ status }) => status === "succeeded");
  return state === "paid" && paid !== undefined && paid.providerPaymentId !== providerPaymentId;
}

/** Events of refunds and charges alike only say that something went back: the provider's list says what. */
async function bookMoneyBack(
  ctx: CheckoutContext,
  { kind, id, providerPaymentId }: News<"refund" | "dispute">,
  { order, settle }: Received,
): Promise<boolean> {
  const paid = await findPaidOrder(ctx, providerPaymentId, order);
  if (paid === null) return false;
  const [dispute, refunds] = await Promise.all([
    kind === "dispute" ? ctx.payments.readDispute(id) : undefined,
    ctx.payments.listRefunds(providerPaymentId),
  ]);
  if (dispute === undefined) await applyRefunds(ctx, paid, refunds, settle);
  else await applyDispute(ctx, paid, { dispute, refunds }, settle);
  return true;
}
