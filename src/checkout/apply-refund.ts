import {
  bookRefunds,
  changeOrder,
  insertForeignRefund,
  insertOrderEvent,
  type OrderRow,
  settleRefund,
  updateOrder,
} from "../orders/index.ts";
import type { RefundAtStripe } from "../payments/index.ts";
import type { Statement } from "../platform/db.ts";
import { newId } from "../platform/ids.ts";
import { compareRefunds, type Outcome, outcomeNews, type RefundNews } from "./compare-refunds.ts";
import type { CheckoutContext } from "./context.ts";
import type { PaidOrder } from "./find-paid-order.ts";

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
    const statements = refundSteps(ctx, order, outcomeNews(order, outcome));
    if (statements.length > 0) await ctx.db.batch(statements);
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
    await ctx.db.batch([...refundSteps(ctx, order, compareRefunds(order, at)), settle]);
  });
}

/** The statements that book the news, each a step in the order's life. */
export function refundSteps(
  ctx: CheckoutContext,
  order: OrderRow,
  news: readonly RefundNews[],
): Statement[] {
  if (news.length === 0) return [];
  const steps = news.map((one, i) => {
    const at = { ...order, version: order.version + i };
    return one.kind === "outcome" ? settleOwn(ctx, at, one) : addForeign(ctx, at, one);
  });
  return [...steps.flat(), bookRefunds(order.id, order.version + news.length, ctx.now())];
}

function settleOwn(
  ctx: CheckoutContext,
  order: OrderRow,
  { refundId, status, stripeRefundId, source }: RefundNews & { kind: "outcome" },
): Statement[] {
  const actor = source === "shop" ? ctx.actor.label : STRIPE_ACTOR;
  return [
    ...tell(ctx, order, { status, actor, data: { refundId } }),
    settleRefund(refundId, { status, stripeRefundId }, ctx.now()),
  ];
}

function addForeign(
  ctx: CheckoutContext,
  order: OrderRow,
  { paymentId, refund }: RefundNews & { kind: "foreign" },
): Statement[] {
  const { status, money, reason, createdAt } = refund;
  const refundId = newId("ref", ctx.now());
  const data = { refundId, source: "stripe", ...money };
  const added = insertForeignRefund({
    id: refundId,
    orderId: order.id,
    paymentId,
    status,
    ...money,
    reason: reason ?? UNNAMED_REASON,
    stripeRefundId: refund.id,
    source: "stripe",
    actor: STRIPE_ACTOR,
    createdAt,
    updatedAt: ctx.now(),
  });
  return [...tell(ctx, order, { status, actor: STRIPE_ACTOR, data }), added];
}

/** The order's event; a refund that failed calls a person as well. */
function tell(
  ctx: CheckoutContext,
  { id: orderId, version }: OrderRow,
  { status, actor, data }: { status: string; actor: string; data: object },
): Statement[] {
  const now = ctx.now();
  const seq = version + 1;
  const { requestId } = ctx;
  const type = `refund.${status}`;
  const event = insertOrderEvent({ orderId, seq, type, data, actor, requestId, now });
  if (status !== "failed") return [event];
  ctx.log.raise("error");
  const attention = { attentionReason: "refund_failed", attentionSince: now };
  return [event, updateOrder(orderId, attention, seq, now)];
}
