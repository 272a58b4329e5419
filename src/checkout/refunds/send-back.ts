import { type NewRefund, presentRefundLine, type RefundOfOrder } from "../../orders/index.ts";
import { toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { newId } from "../../platform/ids.ts";
import type { Money } from "../../platform/money.ts";
import type { DedupeKey } from "../../platform/outbox/dedupe.ts";
import { promise } from "../../platform/outbox/store.ts";

interface Wanted {
  /** Null where there is no money to send back. */
  readonly paymentId: string | null;
  readonly money: Money;
  readonly items: NewRefund["items"];
  readonly reason: string;
  /** Who sends it; whoever acts, unless it goes back by itself. */
  readonly actor?: string;
}

interface SentBack {
  /** For the order's step, which writes it down. */
  readonly refund: NewRefund;
  /** The promise that brings it to Stripe; belongs after the step. Undefined for a refund of nothing. */
  readonly sending: ReturnType<typeof promise> | undefined;
}

/** What makes one mail of all that could tell a customer of this refund. */
export function refundMailKey(refundId: string): DedupeKey {
  return `refunded:${refundId}`;
}

/** Money that goes back: pending from the order's step on; the outbox brings it to Stripe. A refund of nothing is done with that step. */
export function sendBack(ctx: Context, wanted: Wanted): SentBack {
  const { money, actor = ctx.actor.label, paymentId, items, reason } = wanted;
  const now = ctx.now();
  const id = newId("ref", now);
  const refund = { id, ...money, items, reason, actor, createdAt: now, updatedAt: now };
  if (money.amount === 0)
    return { refund: { ...refund, paymentId: null, status: "succeeded" }, sending: undefined };
  const sending = promise(ctx, {
    topic: "refund",
    payload: { refundId: id },
    dedupeKey: `refund:${id}`,
  });
  return { refund: { ...refund, paymentId, status: "pending" }, sending };
}

/** A refund by itself, as whoever made it is told. */
export function presentRefund(orderId: string, refund: NewRefund): RefundOfOrder {
  const { id, status, amount, currency, reason, items, createdAt } = refund;
  return {
    ...{ id, orderId, status, amount: { amount, currency }, reason },
    ...{ source: "shop", items: items.map(presentRefundLine), createdAt: toTimestamp(createdAt) },
  };
}
