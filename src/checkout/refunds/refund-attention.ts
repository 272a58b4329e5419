import {
  type AttentionMark,
  type AttentionReason,
  marked,
  type StoredOrder,
  type StoredRefund,
} from "../../orders/index.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import { goneOf } from "./refundable.ts";

export type BookedRefund = Pick<
  StoredRefund,
  "status" | "amount" | "createdAt" | "source" | "providerRefundId"
>;

/** Who sends money back that came for nothing: nobody in particular. */
export const AUTOMATIC = "system";

interface Booked {
  /** All of the order's refunds, as they are now. */
  readonly refunds: readonly BookedRefund[];
  /** What the payment brought, in minor units. */
  readonly captured: number;
  /** Whether one of them has failed just now. */
  readonly failing: boolean;
}

/**
 * Why a person has to look at an order after news of its refunds: one that failed calls them while money is left that it
 * could be for. They are let go once all is back, or what failed was made again.
 */
export function attentionAfterNews(
  order: StoredOrder,
  { refunds, captured, failing }: Booked,
): AttentionReason | null {
  const { attentionReason: standing, attentionSince } = order;
  const madeAgain = order.status === "paid" && allMadeAgain(refunds, attentionSince ?? 0);
  const settled = goneOf(refunds) >= captured || (!failing && madeAgain);
  if (!settled) return failing ? "refund_failed" : standing;
  return standing !== "refund_failed" || refunds.some(isUnsent) ? standing : otherReason(order);
}

/** No retry may have brought it to Stripe. */
function isUnsent({ status, providerRefundId }: BookedRefund): boolean {
  return status === "pending" && providerRefundId === null;
}

/**
 * Whether each refund that failed has a later one, no smaller and no other's, in its place, made since a person was
 * called. One that failed in turn is asked the same.
 */
function allMadeAgain(refunds: readonly BookedRefund[], calledAt: number): boolean {
  const byAge = refunds
    .filter(({ source }) => source !== "dispute")
    .toSorted((one, other) => one.createdAt - other.createdAt);
  // Stripe's clock has seconds.
  const since = Math.floor(calledAt / SECOND_MS) * SECOND_MS;
  const free = new Set(
    byAge.filter(({ status, createdAt }) => status === "failed" || createdAt >= since),
  );
  return byAge.every((failed, i) => {
    if (failed.status !== "failed") return true;
    const again = byAge.slice(i + 1).find((one) => free.has(one) && one.amount >= failed.amount);
    return again !== undefined && free.delete(again);
  });
}

/** The mark that calls a person to a refund goes once nothing is left that they must see to. */
export function attentionAfterRefund(order: StoredOrder, left: number): AttentionMark | undefined {
  const underWay = order.refunds.some(({ status }) => status === "pending");
  const settled = !underWay && (order.status === "paid" || left === 0);
  if (order.attentionReason !== "refund_failed" || !settled) return undefined;
  return marked(otherReason(order), order.attentionSince ?? 0);
}

/** What else a person is called for; a refund that failed has stood before it. */
function otherReason(order: StoredOrder): AttentionReason | null {
  const disputes = order.disputes.map(({ status }) => status);
  if (disputes.includes("open")) return "dispute";
  if (disputes.includes("lost")) return "dispute_lost";
  const mismatched = order.refunds.some(
    ({ actor, reason }) => actor === AUTOMATIC && reason === "amount_mismatch",
  );
  return mismatched ? "amount_mismatch" : null;
}
