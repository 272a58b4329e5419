import { refundTransitions, type StoredOrder, type StoredRefund } from "../../orders/index.ts";
import type { ProviderRefund, RefundState } from "../../payments/index.ts";
import type { BookedRefund } from "./refund-attention.ts";
import { goneOf } from "./refundable.ts";

export interface RefundOutcome {
  readonly refundId: string;
  readonly status: RefundState["status"];
  /** Stripe's id; null for a refund that Stripe has refused to make. */
  readonly providerRefundId: string | null;
}

/** What is yet to be booked: an outcome of a refund that is on the books, or a refund that nobody here has made. */
export type RefundNews =
  | ({ readonly kind: "outcome"; readonly source: StoredRefund["source"] } & RefundOutcome)
  | { readonly kind: "foreign"; readonly paymentId: string; readonly refund: ProviderRefund };

/** A payment and its refunds as Stripe has them. */
export interface ProviderRefunds {
  readonly paymentId: string;
  /** All of them, oldest first. */
  readonly refunds: readonly ProviderRefund[];
  /** What the payment brought, in minor units. */
  readonly captured: number;
  /** Whether Stripe gives anything back of the payment, as it does not after a lost dispute. */
  readonly refundable: boolean;
}

/** The outcome as news, or nothing where it is booked already, or older than what is booked. */
export function outcomeNews(order: StoredOrder, outcome: RefundOutcome): RefundNews[] {
  const refund = order.refunds.find(({ id }) => id === outcome.refundId);
  if (refund === undefined) return [];
  const legal: readonly string[] = refundTransitions[refund.status];
  const underWay = outcome.status === "pending" && refund.status === "pending";
  const isNews = underWay ? refund.providerRefundId === null : legal.includes(outcome.status);
  return isNews ? [{ kind: "outcome", source: refund.source, ...outcome }] : [];
}

/** A refund at Stripe with what the books have of it. */
interface Pair {
  readonly refund: ProviderRefund;
  readonly booked: StoredRefund | undefined;
}

/** Compares the books with what Stripe has. Pure; the news are in an order in which the database takes them. */
export function compareRefunds(order: StoredOrder, at: ProviderRefunds): RefundNews[] {
  const own = order.refunds.filter(({ source }) => source !== "dispute");
  const pairs = pairUp(own, at.refunds);
  const outcomes = pairs.flatMap(({ refund: { id, status }, booked }) =>
    booked === undefined
      ? []
      : outcomeNews(order, { refundId: booked.id, status, providerRefundId: id }),
  );
  const doomed = impossible(own, pairs, at).flatMap(({ id: refundId }) =>
    outcomeNews(order, { refundId, status: "failed", providerRefundId: null }),
  );
  const known = [...outcomes, ...doomed];
  const room = at.captured - givenBack(order, known);
  return [...known, ...foreignNews(pairs, at.paymentId, room)];
}

/** What nobody here has made. The cap of the books counts a refund before it looks whether it failed, hence the order. */
function foreignNews(pairs: readonly Pair[], paymentId: string, room: number): RefundNews[] {
  const foreign = pairs.flatMap(({ refund, booked }) => (booked === undefined ? [refund] : []));
  const failed = foreign.filter(({ status, money }) => status === "failed" && money.amount <= room);
  const alive = foreign.filter(({ status }) => status !== "failed");
  return [...failed, ...alive].map((refund) => ({ kind: "foreign", paymentId, refund }));
}

/** What went back or is on its way, in minor units, once the news are booked. */
export function givenBack(order: StoredOrder, news: readonly RefundNews[]): number {
  return goneOf(refundsAfter(order, news));
}

/** The order's refunds once the news are booked. */
export function refundsAfter(order: StoredOrder, news: readonly RefundNews[]): BookedRefund[] {
  const outcomes = news.filter((one) => one.kind === "outcome");
  const booked = order.refunds.map((refund) => {
    const { status, providerRefundId } =
      outcomes.find((one) => one.refundId === refund.id) ?? refund;
    return { ...refund, status, providerRefundId };
  });
  const foreign = news
    .filter((one) => one.kind === "foreign")
    .map(({ refund: { id: providerRefundId, status, money, createdAt } }) => {
      return {
        providerRefundId,
        status,
        amount: money.amount,
        createdAt,
        source: "provider" as const,
      };
    });
  return [...booked, ...foreign];
}

/** Each refund at Stripe with the one on the books, which is no other's. */
function pairUp(own: readonly StoredRefund[], refunds: readonly ProviderRefund[]): Pair[] {
  const free = new Set(own);
  return refunds.map((refund) => {
    const booked = bookedAs(own, refund) ?? waitingFor([...free], refund);
    if (booked !== undefined) free.delete(booked);
    return { refund, booked };
  });
}

function bookedAs(own: readonly StoredRefund[], { id }: ProviderRefund): StoredRefund | undefined {
  return own.find(({ providerRefundId }) => providerRefundId === id);
}

/** Ours, of which the answer to our request has yet to come, or was lost. */
function waitingFor(
  own: readonly StoredRefund[],
  { refundId, money }: ProviderRefund,
): StoredRefund | undefined {
  return own.find(
    (one) =>
      one.id === refundId &&
      one.status === "pending" &&
      one.providerRefundId === null &&
      one.amount === money.amount &&
      one.currency === money.currency,
  );
}

/** Refunds of ours that Stripe has not made, and has nothing left to make of. */
function impossible(
  own: readonly StoredRefund[],
  pairs: readonly Pair[],
  { captured, refundable }: ProviderRefunds,
): StoredRefund[] {
  const gone = pairs.filter(
    ({ refund, booked }) => refund.status !== "failed" && booked?.status !== "failed",
  );
  const left = captured - gone.reduce((sum, { refund }) => sum + refund.money.amount, 0);
  const met = new Set(pairs.map(({ booked }) => booked));
  return own.filter(
    (one) =>
      !met.has(one) &&
      one.status === "pending" &&
      one.providerRefundId === null &&
      one.amount > (refundable ? left : 0),
  );
}
