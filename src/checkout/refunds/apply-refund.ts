import {
  type AttentionMark,
  type AttentionReason,
  changeOrder,
  type MoneyBackNews,
  marked,
  moneyBackSteps,
  type RefundReason,
  type StoredOrder,
} from "../../orders/index.ts";
import type { ProviderRefund } from "../../payments/index.ts";
import type { Statement } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { promiseOnce } from "../../platform/outbox/store.ts";
import { callToFailedRefund } from "../call-operators.ts";
import type { CheckoutContext } from "../context.ts";
import type { PaidOrder } from "../paid-order.ts";
import { joinSteps, NOTHING, promisedStep, type Step, writeStep } from "../step.ts";
import {
  compareRefunds,
  outcomeNews,
  type RefundNews,
  type RefundOutcome,
  refundsAfter,
} from "./compare-refunds.ts";
import { attentionAfterNews } from "./refund-attention.ts";
import { refundMailKey } from "./send-back.ts";

const UNNAMED_REASON: RefundReason = "provider_dashboard";

/** Books what has become of a refund of ours at Stripe. What is booked already changes nothing. */
export async function applyRefund(
  ctx: CheckoutContext,
  found: StoredOrder,
  outcome: RefundOutcome,
): Promise<void> {
  await changeOrder(ctx, found, async (order) => {
    await writeStep(ctx, refundSteps(ctx, order, outcomeNews(order, outcome)));
  });
}

/**
 * Books every refund that Stripe has of an order's payment, whoever made it. `settle` goes into the same batch. Throws
 * `ConstraintError` while refunds of ours, under way, leave no room on the books for one that is made.
 */
export async function applyRefunds(
  ctx: CheckoutContext,
  { order: found, payment }: PaidOrder,
  refunds: readonly ProviderRefund[],
  settle: Statement,
): Promise<void> {
  const { id: paymentId, captured } = payment;
  const at = { paymentId, captured, refunds, refundable: true };
  await changeOrder(ctx, found, async (order) => {
    await writeStep(ctx, refundSteps(ctx, order, compareRefunds(order, at)), [settle]);
  });
}

/** Books the news, each a step in the order's life. */
function refundSteps(ctx: CheckoutContext, order: StoredOrder, news: readonly RefundNews[]): Step {
  const { told, ...booking } = bookingOf(ctx, order, news);
  return joinSteps({ statements: moneyBackSteps(ctx, order, booking), promised: [] }, told);
}

/** What there is to book, who is called by it, and who is told. */
export interface Booking {
  readonly news: readonly MoneyBackNews[];
  readonly mark: AttentionMark | undefined;
  readonly told: Step;
}

export function bookingOf(
  ctx: CheckoutContext,
  order: StoredOrder,
  news: readonly RefundNews[],
): Booking {
  const reason = reasonAfter(order, news);
  const calls = isFailing(news) && reason === "refund_failed";
  if (calls) ctx.log.raise("error");
  const booked = news.map((one) =>
    one.kind === "outcome" ? settled(ctx, order, one) : found(ctx, one),
  );
  return {
    news: booked,
    mark: calls || reason !== order.attentionReason ? marked(reason, ctx.now()) : undefined,
    told: joinSteps(...booked.map((one) => promisesOf(ctx, { order, calls }, one))),
  };
}

function isFailing(news: readonly RefundNews[]): boolean {
  return news.some((one) => (one.kind === "outcome" ? one : one.refund).status === "failed");
}

/** Why a person has to look at the order once the news are booked, beside `taken`: what a bank keeps, in minor units. */
export function reasonAfter(
  order: StoredOrder,
  news: readonly RefundNews[],
  taken: number = 0,
): AttentionReason | null {
  const captured = order.payments.find(({ status }) => status === "succeeded")?.captured ?? 0;
  const failing = isFailing(news);
  const refunds = refundsAfter(order, news);
  return attentionAfterNews(order, { refunds, captured: captured - taken, failing });
}

type RefundBooked = Exclude<MoneyBackNews, { readonly kind: "dispute" }>;

function settled(
  ctx: CheckoutContext,
  order: StoredOrder,
  { refundId, status, providerRefundId, source }: RefundNews & { kind: "outcome" },
): RefundBooked {
  const actor = source === "shop" ? ctx.actor.label : ctx.payments.provider;
  const refund = order.refunds.find(({ id }) => id === refundId);
  if (refund === undefined) throw new Error("The order has no such refund.");
  return { kind: "settled", refund, status, providerRefundId, actor };
}

function found(
  ctx: CheckoutContext,
  { paymentId, refund }: RefundNews & { kind: "foreign" },
): RefundBooked {
  const { id: providerRefundId, status, money, reason, createdAt } = refund;
  const row = { id: newId("ref", ctx.now()), paymentId, status, ...money, providerRefundId };
  return {
    kind: "found",
    refund: { ...row, reason: reason ?? UNNAMED_REASON, createdAt },
    actor: ctx.payments.provider,
  };
}

/**
 * The customer is told of a refund once it has left, unless the mail of a cancellation, or of a payment that goes back by
 * itself, was promised for it; the operators are told of one that is lost, where that calls them.
 */
function promisesOf(
  ctx: CheckoutContext,
  { order, calls }: { readonly order: StoredOrder; readonly calls: boolean },
  news: RefundBooked,
): Step {
  const { refund } = news;
  const { status } = news.kind === "settled" ? news : refund;
  if (status === "failed") return calls ? callToFailedRefund(ctx, order, refund) : NOTHING;
  if (status !== "succeeded" || order.email === null) return NOTHING;
  const told = promiseOnce(ctx, {
    topic: "mail.refunded",
    payload: { orderId: order.id, refundId: refund.id },
    dedupeKey: refundMailKey(refund.id),
  });
  return promisedStep(told);
}
