import {
  type AttentionMark,
  changeOrder,
  type MoneyBackNews,
  marked,
  moneyBackSteps,
  type StoredOrder,
} from "../../orders/index.ts";
import type { ProviderDispute, ProviderRefund } from "../../payments/index.ts";
import { toTimestamp } from "../../platform/clock.ts";
import type { Statement } from "../../platform/db.ts";
import { formatMoney } from "../../platform/money.ts";
import { tellOperators } from "../../platform/outbox/operators.ts";
import { wantsMail } from "../../settings/index.ts";
import type { CheckoutContext } from "../context.ts";
import type { PaidOrder } from "../paid-order.ts";
import { type Booking, bookingOf, reasonAfter } from "../refunds/apply-refund.ts";
import { compareRefunds, givenBack, type RefundNews } from "../refunds/compare-refunds.ts";
import { joinSteps, promisedStep, type Step, writeStep } from "../step.ts";
import { attentionOf, type DisputeNews, disputeNews } from "./decide-dispute.ts";

interface Found {
  readonly dispute: ProviderDispute;
  /** All of the payment's, oldest first. */
  readonly refunds: readonly ProviderRefund[];
}

/** What `dispute` makes of the order, once `refunds` are booked. */
interface Change {
  readonly dispute: ProviderDispute;
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
    const refundNews = compareRefunds(order, { paymentId, captured, refunds, refundable });
    const known = order.disputes.find(({ id }) => id === dispute.id);
    const news = disputeNews(known, dispute);
    const step = disputeStep(ctx, order, { dispute, payment, refunds: refundNews, news });
    await writeStep(ctx, step, [settle]);
  });
}

/** The refunds, and after them the dispute: booked together. */
function disputeStep(ctx: CheckoutContext, order: StoredOrder, change: Change): Step {
  const { dispute, news } = change;
  const booking = bookingOf(ctx, order, change.refunds);
  if (news === "nothing") return booked(ctx, order, booking);
  const opened = news === "opened" ? tellOfDispute(ctx, order, dispute) : undefined;
  return booked(ctx, order, {
    news: [...booking.news, disputed(ctx, order, { ...change, news })],
    mark: markAfter(ctx, order, change) ?? booking.mark,
    told: joinSteps(booking.told, promisedStep(opened)),
  });
}

function booked(ctx: CheckoutContext, order: StoredOrder, { told, ...booking }: Booking): Step {
  return joinSteps({ statements: moneyBackSteps(ctx, order, booking), promised: [] }, told);
}

function disputed(
  ctx: CheckoutContext,
  order: StoredOrder,
  change: Change & { readonly news: Exclude<DisputeNews, "nothing"> },
): MoneyBackNews {
  const { news, payment } = change;
  const { id, status, reason, money } = change.dispute;
  const dispute = { id, status, reason, ...money, paymentId: payment.id };
  const taken = news === "lost" ? takenAmount(order, change) : 0;
  return { kind: "dispute", news, dispute, taken, actor: ctx.payments.provider };
}

/** Decided beside the refunds, whose own mark it goes over; undefined where it is theirs. */
function markAfter(
  ctx: CheckoutContext,
  order: StoredOrder,
  change: Change,
): AttentionMark | undefined {
  const { dispute, news, refunds } = change;
  const taken = news === "lost" ? takenAmount(order, change) : 0;
  const others = order.disputes.filter(({ id }) => id !== dispute.id).map(({ status }) => status);
  const standing = reasonAfter(order, refunds, taken);
  const called = attentionOf(news, { standing, others });
  return called === reasonAfter(order, refunds) ? undefined : marked(called, ctx.now());
}

/** What the bank keeps is money that went back, up to what had come and had not gone back before; in minor units. */
function takenAmount(order: StoredOrder, { dispute, payment, refunds }: Change): number {
  const { amount, currency } = dispute.money;
  if (currency !== order.currency) return 0;
  return Math.max(0, Math.min(amount, payment.captured - givenBack(order, refunds)));
}

function tellOfDispute(ctx: CheckoutContext, order: StoredOrder, dispute: ProviderDispute) {
  const { id, money, reason, providerPaymentId, answerBy } = dispute;
  const by = answerBy === null ? "in time" : `before ${toTimestamp(answerBy)}`;
  return tellOperators(ctx, {
    subject: `A customer disputes the payment of order #${order.number}`,
    text: [
      `A bank asks for ${formatMoney(money)} of order #${order.number} back. The reason it gives: ${reason}.`,
      `Answer it at ${ctx.payments.name} ${by}, or the money is lost: ${ctx.payments.dashboardUrl(providerPaymentId)}`,
      `Order ${order.id}, dispute ${id}`,
    ].join("\n"),
    dedupeKey: `dispute:${id}`,
    when: wantsMail("attention"),
  });
}
