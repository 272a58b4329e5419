import {
  bookRefunds,
  changeOrder,
  insertOrderEvent,
  type OrderRow,
  refundsOf,
  refundTransitions,
  settleRefund,
} from "../orders/index.ts";
import type { RefundState } from "../payments/index.ts";
import type { Statement } from "../platform/db.ts";
import type { CheckoutContext } from "./context.ts";
import { orderStep } from "./end-order.ts";

interface Outcome {
  readonly refundId: string;
  readonly status: RefundState["status"];
  /** Stripe's id; null for a refund that Stripe has refused to make. */
  readonly stripeRefundId: string | null;
}

/**
 * Books what has become of a refund at Stripe, whoever noticed: the answer to our request or, days later, a webhook.
 * `settle` goes into the same batch. What is booked already changes nothing.
 */
export async function applyRefund(
  ctx: CheckoutContext,
  found: OrderRow,
  outcome: Outcome,
  settle: readonly Statement[] = [],
): Promise<void> {
  await changeOrder(ctx, found, async (order) => {
    const statements = [...book(ctx, order, outcome), ...settle];
    if (statements.length > 0) await ctx.db.batch(statements);
  });
}

function book(ctx: CheckoutContext, order: OrderRow, outcome: Outcome): Statement[] {
  const { refundId, status, stripeRefundId } = outcome;
  const refund = refundsOf(order).find(({ id }) => id === refundId);
  if (refund === undefined) return [];
  const legal: readonly string[] = refundTransitions[refund.status];
  const underWay = status === "pending" && refund.status === "pending";
  const isNews = underWay ? refund.stripeRefundId === null : legal.includes(status);
  if (!isNews) return [];
  const now = ctx.now();
  const settled = settleRefund(refundId, { status, stripeRefundId }, now);
  if (status === "failed") {
    ctx.log.raise("error");
    const attention = { attentionReason: "refund_failed", attentionSince: now };
    const booked = bookRefunds(order.id, order.version + 1, now);
    return [...orderStep(ctx, order, "refund.failed", attention, { refundId }), settled, booked];
  }
  const { actor, requestId } = ctx;
  const seq = order.version + 1;
  const event = { orderId: order.id, seq, actor: actor.label, requestId, now };
  return [
    insertOrderEvent({ ...event, type: `refund.${status}`, data: { refundId } }),
    settled,
    bookRefunds(order.id, seq, now),
  ];
}
