import {
  bookRefunds,
  changeOrder,
  insertDispute,
  insertForeignRefund,
  insertOrderEvent,
  type StoredOrder,
  settleDispute,
  settleRefund,
  updateOrder,
} from "../../orders/index.ts";
import type { DisputeAtStripe, RefundAtStripe } from "../../payments/index.ts";
import { toTimestamp } from "../../platform/clock.ts";
import type { Statement } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { formatMoney } from "../../platform/money.ts";
import { tellOperators } from "../../platform/outbox/operators.ts";
import type { CheckoutContext } from "../context.ts";
import type { PaidOrder } from "../paid-order.ts";
import { reasonAfter, refundSteps, STRIPE_ACTOR } from "../refunds/apply-refund.ts";
import { compareRefunds, givenBack, type RefundNews } from "../refunds/compare-refunds.ts";
import { marked } from "../refunds/refund-attention.ts";
import { joinSteps, NOTHING, type Step, writeStep } from "../step.ts";
import { attentionOf, type DisputeNews, disputeNews } from "./decide-dispute.ts";

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
    const known = order.disputes.find(({ id }) => id === dispute.id);
    const step = disputeStep(ctx, after, { ...change, news: disputeNews(known, dispute) });
    await writeStep(ctx, joinSteps(booked, step), [settle]);
  });
}

function disputeStep(ctx: CheckoutContext, order: StoredOrder, change: Change): Step {
  const { dispute, news } = change;
  if (news === "nothing") return NOTHING;
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
function disputeEvent(ctx: CheckoutContext, order: StoredOrder, change: Change): Statement[] {
  const now = ctx.now();
  const seq = order.version + 1;
  const { refunds } = change;
  const { id: disputeId, status, reason, money } = change.dispute;
  const event = insertOrderEvent({
    orderId: order.id,
    seq,
    type: `dispute.${change.news}`,
    data: { disputeId, status, reason, amount: money },
    actor: STRIPE_ACTOR,
    requestId: ctx.requestId,
    now,
  });
  const called = attention(order, change);
  const patch = called === reasonAfter(order, refunds) ? {} : marked(called, now);
  return [event, updateOrder(order.id, patch, seq, now)];
}

/** Decided beside the refunds, whose own mark is written before. */
function attention(order: StoredOrder, { dispute, news, payment, refunds }: Change): string | null {
  const taken = news === "lost" ? takenAmount(order, { dispute, payment, refunds }) : 0;
  const others = order.disputes.filter(({ id }) => id !== dispute.id).map(({ status }) => status);
  const standing = reasonAfter(order, refunds, taken);
  return attentionOf(news, { standing, others });
}

function bookDispute(order: StoredOrder, change: Change, now: number): Statement[] {
  const { dispute, news, payment } = change;
  const { id, status, reason, money } = dispute;
  if (news === "contradicted") return [];
  const known = order.disputes.some((one) => one.id === id);
  const row = { id, orderId: order.id, paymentId: payment.id, status, reason, ...money };
  const written =
    known && status !== "open"
      ? settleDispute(id, status, now)
      : insertDispute({ ...row, createdAt: now, updatedAt: now });
  return [
    written,
    ...(news === "lost" ? takenMoney(order, change, now) : []),
    ...(news === "won" ? returnedMoney(order, dispute, now) : []),
  ];
}

/** After an appeal, what the bank had kept is the shop's again. */
function returnedMoney(order: StoredOrder, { id }: DisputeAtStripe, now: number): Statement[] {
  return order.refunds
    .filter(({ source, stripeRefundId }) => source === "dispute" && stripeRefundId === id)
    .map((kept) => settleRefund(kept.id, { status: "failed", stripeRefundId: id }, now));
}

/** What the bank keeps is money that went back, up to what had come and had not gone back before; in minor units. */
function takenAmount(
  order: StoredOrder,
  { dispute, payment, refunds }: Pick<Change, "dispute" | "payment" | "refunds">,
): number {
  const { amount, currency } = dispute.money;
  if (currency !== order.currency) return 0;
  return Math.max(0, Math.min(amount, payment.captured - givenBack(order, refunds)));
}

function takenMoney(order: StoredOrder, change: Change, now: number): Statement[] {
  const { dispute, payment } = change;
  const { currency } = dispute.money;
  const amount = takenAmount(order, change);
  if (amount === 0) return [];
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

function tellOfDispute(ctx: CheckoutContext, order: StoredOrder, dispute: DisputeAtStripe) {
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
