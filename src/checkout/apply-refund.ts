import {
  bookRefunds,
  changeOrder,
  insertForeignRefund,
  insertOrderEvent,
  type OrderRow,
  paymentsOf,
  refundsOf,
  type StoredRefund,
  settleRefund,
  updateOrder,
} from "../orders/index.ts";
import type { RefundAtStripe } from "../payments/index.ts";
import type { Statement } from "../platform/db.ts";
import { newId } from "../platform/ids.ts";
import { promise } from "../platform/outbox/store.ts";
import { CANCELED } from "./cancel-paid.ts";
import {
  compareRefunds,
  type Outcome,
  outcomeNews,
  type RefundNews,
  refundsAfter,
} from "./compare-refunds.ts";
import type { CheckoutContext } from "./context.ts";
import type { PaidOrder } from "./find-paid-order.ts";
import { AUTOMATIC, attentionAfterNews, marked } from "./refund-attention.ts";
import { joinSteps, NOTHING, type Step, writeStep } from "./step.ts";

/** Whoever has access to Stripe, and the banks behind it. */
export const STRIPE_ACTOR = "stripe";
const UNNAMED_REASON = "stripe_dashboard";

/** Books what has become of a refund of ours at Stripe. What is booked already changes nothing. */
export async function applyRefund(
  ctx: CheckoutContext,
  found: OrderRow,
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
  order: OrderRow,
  news: readonly RefundNews[],
): Step {
  if (news.length === 0) return NOTHING;
  const steps = news.map((one, i) => {
    const at = { ...order, version: order.version + i };
    return one.kind === "outcome" ? settleOwn(ctx, at, one) : addForeign(ctx, at, one);
  });
  const version = order.version + news.length;
  const now = ctx.now();
  const reason = reasonAfter(order, news);
  const calls = isFailing(news) && reason === "refund_failed";
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
  order: OrderRow,
  news: readonly RefundNews[],
  taken: number = 0,
): string | null {
  const captured = paymentsOf(order).find(({ status }) => status === "succeeded")?.captured ?? 0;
  const failing = isFailing(news);
  const refunds = refundsAfter(order, news);
  return attentionAfterNews(order, { refunds, captured: captured - taken, failing });
}

function settleOwn(
  ctx: CheckoutContext,
  order: OrderRow,
  { refundId, status, stripeRefundId, source }: RefundNews & { kind: "outcome" },
): Step {
  const actor = source === "shop" ? ctx.actor.label : STRIPE_ACTOR;
  const refund = refundsOf(order).find(({ id }) => id === refundId);
  const data = refund === undefined ? { refundId } : describe(refund);
  const told = refund !== undefined && hasMail(refund) ? NOTHING : mailOf(ctx, order, data, status);
  return {
    statements: [
      tell(ctx, order, { status, actor, data }),
      settleRefund(refundId, { status, stripeRefundId }, ctx.now()),
      ...told.statements,
    ],
    promised: told.promised,
  };
}

function addForeign(
  ctx: CheckoutContext,
  order: OrderRow,
  { paymentId, refund }: RefundNews & { kind: "foreign" },
): Step {
  const { status, money, reason, createdAt } = refund;
  const refundId = newId("ref", ctx.now());
  const said = { id: refundId, ...money, reason: reason ?? UNNAMED_REASON };
  const data = { ...describe(said), source: "stripe" };
  const told = mailOf(ctx, order, data, status);
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
  return {
    statements: [
      tell(ctx, order, { status, actor: STRIPE_ACTOR, data }),
      added,
      ...told.statements,
    ],
    promised: told.promised,
  };
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

/** What goes back by itself, or with a cancellation, is told by a mail of its own. */
function hasMail({ source, actor, reason }: StoredRefund): boolean {
  return source === "shop" && (actor === AUTOMATIC || reason === CANCELED);
}

/** The customer is told of a refund once it has left. */
function mailOf(
  ctx: CheckoutContext,
  { id: orderId, email }: OrderRow,
  { refundId }: { readonly refundId: string },
  status: string,
): Step {
  if (status !== "succeeded" || email === null) return NOTHING;
  const { id, statement } = promise(ctx, {
    topic: "mail.refunded",
    payload: { orderId, refundId },
    dedupeKey: `refunded:${refundId}`,
  });
  return { statements: [statement], promised: [id] };
}

function tell(
  ctx: CheckoutContext,
  { id: orderId, version }: OrderRow,
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
