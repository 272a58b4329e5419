import {
  insertRefund,
  insertRefundLines,
  type RefundLine,
  type RefundOfOrder,
  type StoredOrder,
  type StoredRefund,
} from "../../orders/index.ts";
import { toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { Money } from "../../platform/money.ts";
import { promise } from "../../platform/outbox/store.ts";

interface Wanted {
  readonly paymentId: string;
  readonly money: Money;
  readonly lines: readonly RefundLine[];
  readonly reason: string;
  /** Who sends it; whoever acts, unless it goes back by itself. */
  readonly actor?: string;
}

interface SentBack {
  readonly statements: readonly Statement[];
  /** What to wake once they are written. */
  readonly promised: string;
  /** The refund as it will be. */
  readonly refund: RefundOfOrder;
  /** The order's refunds, this one among them. */
  readonly refunds: StoredRefund[];
}

/** What makes one mail of all that could tell a customer of this refund. */
export function refundMailKey(refundId: string): string {
  return `refunded:${refundId}`;
}

/**
 * The statements that promise money back; they belong beside the order's step. The refund is pending and counts against
 * what was captured from now on; the outbox brings it to Stripe.
 */
export function sendBack(ctx: Context, order: StoredOrder, wanted: Wanted): SentBack {
  const { paymentId, money, lines, reason, actor = ctx.actor.label } = wanted;
  const now = ctx.now();
  const refund = { id: newId("ref", now), orderId: order.id };
  const said = { ...refund, ...money, reason, actor, createdAt: now };
  const sent = promise(ctx, {
    topic: "refund",
    payload: { refundId: refund.id },
    dedupeKey: `refund:${refund.id}`,
  });
  const stored = { status: "pending" as const, stripeRefundId: null, source: "shop" as const };
  const { orderId: _, ...row } = said;
  return {
    statements: [
      insertRefund({ ...said, paymentId, updatedAt: now }),
      ...(lines.length === 0 ? [] : [insertRefundLines(refund, lines)]),
      sent.statement,
    ],
    promised: sent.id,
    refund: {
      ...refund,
      status: stored.status,
      amount: money,
      reason,
      source: stored.source,
      items: [...lines],
      createdAt: toTimestamp(now),
    },
    refunds: [...order.refunds, { ...row, ...stored, items: [...lines] }],
  };
}
