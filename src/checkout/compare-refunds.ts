import { type OrderRow, refundsOf, refundTransitions, type StoredRefund } from "../orders/index.ts";
import type { RefundAtStripe, RefundState } from "../payments/index.ts";

export interface Outcome {
  readonly refundId: string;
  readonly status: RefundState["status"];
  /** Stripe's id; null for a refund that Stripe has refused to make. */
  readonly stripeRefundId: string | null;
}

/** What is yet to be booked: an outcome of a refund that is on the books, or a refund that nobody here has made. */
export type RefundNews =
  | ({ readonly kind: "outcome"; readonly source: StoredRefund["source"] } & Outcome)
  | { readonly kind: "foreign"; readonly paymentId: string; readonly refund: RefundAtStripe };

/** A payment and its refunds as Stripe has them. */
export interface RefundsAtStripe {
  readonly paymentId: string;
  /** All of them, oldest first. */
  readonly refunds: readonly RefundAtStripe[];
  /** What the payment brought, in minor units. */
  readonly captured: number;
  /** Whether Stripe gives anything back of the payment, as it does not after a lost dispute. */
  readonly refundable: boolean;
}

/** The outcome as news, or nothing where it is booked already, or older than what is booked. */
export function outcomeNews(order: OrderRow, outcome: Outcome): RefundNews[] {
  const refund = refundsOf(order).find(({ id }) => id === outcome.refundId);
  if (refund === undefined) return [];
  const legal: readonly string[] = refundTransitions[refund.status];
  const underWay = outcome.status === "pending" && refund.status === "pending";
  const isNews = underWay ? refund.stripeRefundId === null : legal.includes(outcome.status);
  return isNews ? [{ kind: "outcome", source: refund.source, ...outcome }] : [];
}

/** Compares the books with what Stripe has. Pure; the news are in an order in which the database takes them. */
export function compareRefunds(order: OrderRow, at: RefundsAtStripe): RefundNews[] {
  const own = refundsOf(order).filter(({ source }) => source !== "dispute");
  const pairs = at.refunds.map((refund) => ({ refund, booked: bookedAs(own, refund) }));
  const outcomes = pairs.flatMap(({ refund: { id, status }, booked }) =>
    booked === undefined
      ? []
      : outcomeNews(order, { refundId: booked.id, status, stripeRefundId: id }),
  );
  const met = new Set(pairs.map(({ booked }) => booked?.id));
  const doomed = impossible(
    own.filter(({ id }) => !met.has(id)),
    at,
  ).flatMap(({ id: refundId }) =>
    outcomeNews(order, { refundId, status: "failed", stripeRefundId: null }),
  );
  const known = [...outcomes, ...doomed];
  const foreign = pairs.flatMap(({ refund, booked }) => (booked === undefined ? [refund] : []));
  // The cap of the books counts a refund before it looks whether it failed.
  const room = at.captured - givenBack(order, known);
  const failed = foreign.filter(({ status, money }) => status === "failed" && money.amount <= room);
  const alive = foreign.filter(({ status }) => status !== "failed");
  const { paymentId } = at;
  const added = [...failed, ...alive].map((refund) => ({
    kind: "foreign" as const,
    paymentId,
    refund,
  }));
  return [...known, ...added];
}

/** What went back or is on its way, in minor units, once the news are booked. */
export function givenBack(order: OrderRow, news: readonly RefundNews[]): number {
  const failing = news.flatMap((one) =>
    one.kind === "outcome" && one.status === "failed" ? [one.refundId] : [],
  );
  const booked = refundsOf(order).filter(
    ({ id, status }) => status !== "failed" && !failing.includes(id),
  );
  const foreign = news.flatMap((one) =>
    one.kind === "foreign" && one.refund.status !== "failed" ? [one.refund.money] : [],
  );
  return [...booked, ...foreign].reduce((sum, { amount }) => sum + amount, 0);
}

/** A refund of ours by Stripe's id; or by our own, while ours is waiting for one like it. */
function bookedAs(own: readonly StoredRefund[], refund: RefundAtStripe): StoredRefund | undefined {
  const { id, refundId, money } = refund;
  return (
    own.find(({ stripeRefundId }) => stripeRefundId === id) ??
    own.find(
      (one) =>
        one.id === refundId &&
        one.status === "pending" &&
        one.stripeRefundId === null &&
        one.amount === money.amount &&
        one.currency === money.currency,
    )
  );
}

/** Refunds that Stripe has not made, and has nothing left to make of. */
function impossible(
  unmet: readonly StoredRefund[],
  { refunds, captured, refundable }: RefundsAtStripe,
): StoredRefund[] {
  const gone = refunds.filter(({ status }) => status !== "failed");
  const left = captured - gone.reduce((sum, { money }) => sum + money.amount, 0);
  return unmet.filter(
    ({ status, stripeRefundId, amount }) =>
      status === "pending" && stripeRefundId === null && amount > (refundable ? left : 0),
  );
}
