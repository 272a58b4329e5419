import {
  bookRefunds,
  changeOrder,
  insertForeignRefund,
  insertOrderEvent,
  type StoredOrder,
  type StoredRefund,
  settleRefund,
  updateOrder,
} from "../../orders/index.ts";
import type { RefundAtStripe } from "../../payments/index.ts";
import type { Statement } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { promiseOnce } from "../../platform/outbox/store.ts";
import { callToFailedRefund, type LostRefund } from "../call-operators.ts";
import type { CheckoutContext } from "../context.ts";
import type { PaidOrder } from "../paid-order.ts";
import { joinSteps, NOTHING, promisedStep, type Step, writeStep } from "../step.ts";
import {
  compareRefunds,
  type Outcome,
  outcomeNews,
  type RefundNews,
  refundsAfter,
} from "./compare-refunds.ts";
import { attentionAfterNews, marked } from "./refund-attention.ts";
import { refundMailKey } from "./send-back.ts";

/** Whoever has access to Stripe, and the banks behind it. */
export const STRIPE_ACTOR = "stripe";
const UNNAMED_REASON = "stripe_dashboard";

/** Books what has become of a refund of ours at Stripe. What is booked already changes nothing. */
export async function applyRefund(
  ctx: CheckoutContext,
  found: StoredOrder,
  outcome: Outcome,
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
  refunds: readonly RefundAtStripe[],
  settle: Statement,
): Promise<void> {
  const { id: paymentId, captured } = payment;
  const at = { paymentId, captured, refunds, refundable: true };
  await changeOrder(ctx, found, async (order) => {
    await writeStep(ctx, refundSteps(ctx, order, compareRefunds(order, at)), [settle]);
  });
}

/** Books the news, each a step in the order's life. */
export function refundSteps(
  ctx: CheckoutContext,
  order: StoredOrder,
  news: readonly RefundNews[],
): Step {
  if (news.length === 0) return NOTHING;
  const reason = reasonAfter(order, news);
  const calls = isFailing(news) && reason === "refund_failed";
  const steps = news.map((one, i) => {
    const at = { order: { ...order, version: order.version + i }, calls };
    return one.kind === "outcome" ? settleOwn(ctx, at, one) : addForeign(ctx, at, one);
  });
  const version = order.version + news.length;
  const now = ctx.now();
  if (calls) ctx.log.raise("error");
  const patch = calls || reason !== order.attentionReason ? marked(reason, now) : {};
  const booked = [updateOrder(order.id, patch, version, now), bookRefunds(order.id, version, now)];
  return joinSteps(...steps, { statements: booked, promised: [] });
}

function isFailing(news: readonly RefundNews[]): boolean {
  return news.some((one) => (one.kind === "outcome" ? one : one.refund).status === "failed");
}

/** Why a person has to look at the order once the news are booked, beside `taken`: what a bank keeps, in minor units. */
export function reasonAfter(
  order: StoredOrder,
  news: readonly RefundNews[],
  taken: number = 0,
): string | null {
  const captured = order.payments.find(({ status }) => status === "succeeded")?.captured ?? 0;
  const failing = isFailing(news);
  const refunds = refundsAfter(order, news);
  return attentionAfterNews(order, { refunds, captured: captured - taken, failing });
}

/** The order as the news before this one leave it, and whether a refund of theirs that failed calls a person. */
interface Booking {
  readonly order: StoredOrder;
  readonly calls: boolean;
}

function settleOwn(
  ctx: CheckoutContext,
  at: Booking,
  { refundId, status, stripeRefundId, source }: RefundNews & { kind: "outcome" },
): Step {
  const { order } = at;
  const actor = source === "shop" ? ctx.actor.label : STRIPE_ACTOR;
  const refund = order.refunds.find(({ id }) => id === refundId);
  if (refund === undefined) throw new Error("The order has no such refund.");
  const settled: Step = {
    statements: [
      tell(ctx, order, { status, actor, data: describe(refund) }),
      settleRefund(refundId, { status, stripeRefundId }, ctx.now()),
    ],
    promised: [],
  };
  return joinSteps(settled, promisesOf(ctx, at, { ...refund, status }));
}

function addForeign(
  ctx: CheckoutContext,
  at: Booking,
  { paymentId, refund }: RefundNews & { kind: "foreign" },
): Step {
  const { order } = at;
  const { status, money, reason, createdAt } = refund;
  const refundId = newId("ref", ctx.now());
  const said = { id: refundId, ...money, reason: reason ?? UNNAMED_REASON };
  const data = { ...describe(said), source: "stripe" };
  const added = insertForeignRefund({
    id: refundId,
    orderId: order.id,
    paymentId,
    status,
    ...money,
    reason: said.reason,
    stripeRefundId: refund.id,
    source: "stripe",
    actor: STRIPE_ACTOR,
    createdAt,
    updatedAt: ctx.now(),
  });
  const written: Step = {
    statements: [tell(ctx, order, { status, actor: STRIPE_ACTOR, data }), added],
    promised: [],
  };
  return joinSteps(written, promisesOf(ctx, at, { ...said, status }));
}

/** What the history says of a refund. */
function describe({
  id,
  amount,
  currency,
  reason,
}: Pick<StoredRefund, "id" | "amount" | "currency" | "reason">) {
  return { refundId: id, amount: { amount, currency }, reason };
}

/**
 * The customer is told of a refund once it has left, unless the mail of a cancellation, or of a payment that goes back by
 * itself, was promised for it; the operators are told of one that is lost.
 */
function promisesOf(
  ctx: CheckoutContext,
  { order, calls }: Booking,
  refund: LostRefund & Pick<StoredRefund, "status">,
): Step {
  if (refund.status === "failed") return calls ? callToFailedRefund(ctx, order, refund) : NOTHING;
  if (refund.status !== "succeeded" || order.email === null) return NOTHING;
  const told = promiseOnce(ctx, {
    topic: "mail.refunded",
    payload: { orderId: order.id, refundId: refund.id },
    dedupeKey: refundMailKey(refund.id),
  });
  return promisedStep(told);
}

function tell(
  ctx: CheckoutContext,
  { id: orderId, version }: StoredOrder,
  { status, actor, data }: { status: string; actor: string; data: object },
): Statement {
  const { requestId } = ctx;
  const type = `refund.${status}`;
  return insertOrderEvent({
    orderId,
    seq: version + 1,
    type,
    data,
    actor,
    requestId,
    now: ctx.now(),
  });
}
