import {
  bookRefunds,
  changeOrder,
  disputesOf,
  insertDispute,
  insertForeignRefund,
  insertOrderEvent,
  type OrderPatch,
  type OrderRow,
  settleDispute,
  updateOrder,
} from "../orders/index.ts";
import type { DisputeAtStripe, RefundAtStripe } from "../payments/index.ts";
import { toTimestamp } from "../platform/clock.ts";
import type { Statement } from "../platform/db.ts";
import { newId } from "../platform/ids.ts";
import { formatMoney } from "../platform/money.ts";
import { tellOperators } from "../platform/outbox/operators.ts";
import { refundSteps, STRIPE_ACTOR } from "./apply-refund.ts";
import { compareRefunds, givenBack, type RefundNews } from "./compare-refunds.ts";
import type { CheckoutContext } from "./context.ts";
import { attentionOf, type DisputeNews, disputeNews } from "./decide-dispute.ts";
import type { PaidOrder } from "./find-paid-order.ts";
import type { Step } from "./take-payment.ts";

interface Found {
  readonly dispute: DisputeAtStripe;
  /** All of the payment's, oldest first. */
  readonly refunds: readonly RefundAtStripe[];
}

/** What `dispute` makes of the order, once `refunds` are booked. */
interface Change {
  readonly dispute: DisputeAtStripe;
  readonly news: DisputeNews;
  readonly payment: PaidOrder["payment"];
  readonly refunds: readonly RefundNews[];
}

/**
 * Brings an order to where a dispute about its payment is at Stripe, whatever the order of the events: open, the payment
 * counts as disputed; won, as what the refunds make of it; lost, the money is gone. `settle` goes into the same batch.
 */
export async function applyDispute(
  ctx: CheckoutContext,
  { order: found, payment }: PaidOrder,
  { dispute, refunds }: Found,
  settle: Statement,
): Promise<void> {
  const { id: paymentId, captured } = payment;
  const refundable = dispute.status !== "lost" || dispute.refundable;
  await changeOrder(ctx, found, async (order) => {
    const news = compareRefunds(order, { paymentId, captured, refunds, refundable });
    const booked = refundSteps(ctx, order, news);
    const after = { ...order, version: order.version + news.length };
    const change = { dispute, payment, refunds: news };
    const known = disputesOf(order).find(({ id }) => id === dispute.id);
    const step = disputeStep(ctx, after, { ...change, news: disputeNews(known, dispute) });
    await ctx.db.batch([...booked.statements, ...step.statements, settle]);
    for (const id of [...booked.promised, ...step.promised]) ctx.wake({ type: "outbox", id });
  });
}

function disputeStep(ctx: CheckoutContext, order: OrderRow, change: Change): Step {
  const { dispute, news } = change;
  if (news === "nothing") return { statements: [], promised: [] };
  const now = ctx.now();
  const told = news === "opened" ? tellOfDispute(ctx, order, dispute) : undefined;
  const statements = [
    ...disputeEvent(ctx, order, change),
    ...bookDispute(order, change, now),
    bookRefunds(order.id, order.version + 1, now),
    ...(told === undefined ? [] : [told.statement]),
  ];
  return { statements, promised: told === undefined ? [] : [told.id] };
}

/** The lock comes first: of two who book at once, one is told by it to look again. */
function disputeEvent(
  ctx: CheckoutContext,
  order: OrderRow,
  { dispute, news, refunds }: Change,
): Statement[] {
  const now = ctx.now();
  const seq = order.version + 1;
  const { id: disputeId, status, reason, money } = dispute;
  const event = insertOrderEvent({
    orderId: order.id,
    seq,
    type: `dispute.${news}`,
    data: { disputeId, status, reason, amount: money },
    actor: STRIPE_ACTOR,
    requestId: ctx.requestId,
    now,
  });
  return [
    event,
    updateOrder(order.id, attention(order, { dispute, news, refunds }, now), seq, now),
  ];
}

function attention(
  order: OrderRow,
  { dispute, news, refunds }: Pick<Change, "dispute" | "news" | "refunds">,
  now: number,
): OrderPatch {
  const failed = refunds.some((one) => one.kind === "outcome" && one.status === "failed");
  const standing = failed ? "refund_failed" : order.attentionReason;
  const othersOpen = disputesOf(order).some(
    ({ id, status }) => id !== dispute.id && status === "open",
  );
  const reason = attentionOf(news, { standing, othersOpen });
  if (reason === standing) return {};
  return { attentionReason: reason, attentionSince: reason === null ? null : now };
}

function bookDispute(order: OrderRow, change: Change, now: number): Statement[] {
  const { dispute, news, payment } = change;
  const { id, status, reason, money } = dispute;
  if (news === "contradicted") return [];
  const known = disputesOf(order).some((one) => one.id === id);
  const row = { id, orderId: order.id, paymentId: payment.id, status, reason, ...money };
  const written =
    known && status !== "open"
      ? settleDispute(id, status, now)
      : insertDispute({ ...row, createdAt: now, updatedAt: now });
  return [written, ...(news === "lost" ? takenMoney(order, change, now) : [])];
}

/** What the bank keeps is money that went back, up to what had come and had not gone back before. */
function takenMoney(
  order: OrderRow,
  { dispute, payment, refunds }: Change,
  now: number,
): Statement[] {
  const { amount: disputed, currency } = dispute.money;
  const amount = Math.min(disputed, payment.captured - givenBack(order, refunds));
  if (amount <= 0 || currency !== order.currency) return [];
  return [
    insertForeignRefund({
      id: newId("ref", now),
      orderId: order.id,
      paymentId: payment.id,
      status: "succeeded",
      amount,
      currency,
      reason: "dispute_lost",
      stripeRefundId: dispute.id,
      source: "dispute",
      actor: STRIPE_ACTOR,
      createdAt: now,
      updatedAt: now,
    }),
  ];
}

function tellOfDispute(ctx: CheckoutContext, order: OrderRow, dispute: DisputeAtStripe) {
  const { id, money, reason, paymentIntentId, answerBy } = dispute;
  const by = answerBy === null ? "in time" : `before ${toTimestamp(answerBy)}`;
  return tellOperators(ctx, {
    subject: `A customer disputes the payment of order #${order.number}`,
    text: [
      `A bank asks for ${formatMoney(money)} of order #${order.number} back. The reason it gives: ${reason}.`,
      `Answer it at Stripe ${by}, or the money is lost: https://dashboard.stripe.com/payments/${paymentIntentId}`,
      `Order ${order.id}, dispute ${id}`,
    ].join("\n"),
    dedupeKey: `dispute:${id}`,
  });
}
