import type { Context } from "../../platform/context.ts";
import type { Statement } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { Money } from "../../platform/money.ts";
import { insertDispute, settleDispute } from "../disputes/store.ts";
import { insertOrderEvent } from "../events/store.ts";
import type { RefundReason } from "../refunds/reasons.ts";
import { bookRefunds, insertForeignRefund, settleRefund } from "../refunds/store.ts";
import type { StoredOrder } from "../store.ts";
import type { StoredDispute, StoredRefund } from "../stored-order.ts";
import type { AttentionMark } from "./attention.ts";
import type { OrderEventType } from "./order-event-types.ts";

const DISPUTE_LOST: RefundReason = "dispute_lost";

/** A refund that is on the books has come to something. */
interface Settled {
  readonly kind: "settled";
  readonly refund: StoredRefund;
  readonly status: StoredRefund["status"];
  /** The provider's id; null for a refund that it has refused to make. */
  readonly providerRefundId: string | null;
}

/** A refund that nobody here has made. */
interface Found {
  readonly kind: "found";
  readonly refund: Omit<StoredRefund, "source" | "items" | "actor"> & {
    readonly paymentId: string;
    readonly providerRefundId: string;
  };
}

/** A dispute has begun or come to something. */
interface Disputed {
  readonly kind: "dispute";
  readonly news: "opened" | "won" | "lost" | "contradicted";
  readonly dispute: Omit<StoredDispute, "createdAt"> & { readonly paymentId: string };
  /** What a bank keeps of the payment after a lost one, in minor units. */
  readonly taken: number;
}

/** News of money that went back, or that somebody asks back. */
export type MoneyBackNews = (Settled | Found | Disputed) & {
  /** Who it comes from: whoever has access to the provider, and the banks behind it, or who acts here. */
  readonly actor: string;
};

interface MoneyBack {
  readonly news: readonly MoneyBackNews[];
  /** Calls a person, or lets them go; without it, that stays as it is. */
  readonly mark?: AttentionMark | undefined;
}

/**
 * The steps that such news are, in statements that belong into one batch: an event each, whose keys are the lock, with
 * what it writes down, and then what all of them make of the order.
 */
export function moneyBackSteps(
  ctx: Context,
  order: StoredOrder,
  { news, mark }: MoneyBack,
): Statement[] {
  if (news.length === 0) return [];
  const now = ctx.now();
  const steps = news.map((one, i) => {
    const { type, data } = told(one);
    const event = { orderId: order.id, seq: order.version + 1 + i, type, data, actor: one.actor };
    return [
      insertOrderEvent({ ...event, requestId: ctx.requestId, now }),
      ...rowsOf(order, one, now),
    ];
  });
  const version = order.version + news.length;
  return [...steps.flat(), bookRefunds(order.id, mark, { version, now })];
}

/** What the history says. */
function told(news: MoneyBackNews): { readonly type: OrderEventType; readonly data: object } {
  if (news.kind === "dispute") {
    const { id: disputeId, status, reason, amount, currency } = news.dispute;
    const data = { disputeId, status, reason, amount: { amount, currency } };
    return { type: `dispute.${news.news}`, data };
  }
  const { id: refundId, amount, currency, reason } = news.refund;
  const data = { refundId, amount: { amount, currency }, reason };
  return news.kind === "settled"
    ? { type: `refund.${news.status}`, data }
    : { type: `refund.${news.refund.status}`, data: { ...data, source: "provider" } };
}

function rowsOf(order: StoredOrder, news: MoneyBackNews, now: number): Statement[] {
  switch (news.kind) {
    case "settled": {
      const { refund, status, providerRefundId } = news;
      return [settleRefund(refund.id, { status, providerRefundId }, now)];
    }
    case "found": {
      const { refund, actor } = news;
      const origin = { orderId: order.id, source: "provider" as const, actor };
      return [insertForeignRefund({ ...refund, ...origin, updatedAt: now })];
    }
    case "dispute":
      return disputeRows(order, news, now);
  }
}

function disputeRows(
  order: StoredOrder,
  news: Disputed & { readonly actor: string },
  now: number,
): Statement[] {
  if (news.news === "contradicted") return [];
  const { id, status } = news.dispute;
  const known = order.disputes.some((one) => one.id === id);
  return [
    known && status !== "open"
      ? settleDispute(id, status, now)
      : insertDispute({ ...news.dispute, orderId: order.id, createdAt: now, updatedAt: now }),
    ...(news.news === "lost" ? takenMoney(order, news, now) : []),
    ...(news.news === "won" ? returnedMoney(order, id, now) : []),
  ];
}

/** What the bank keeps is money that went back. */
function takenMoney(
  order: StoredOrder,
  { dispute, taken, actor }: Disputed & { readonly actor: string },
  now: number,
): Statement[] {
  if (taken === 0) return [];
  const { id: providerRefundId, paymentId, currency } = dispute;
  const amount: Money = { amount: taken, currency };
  return [
    insertForeignRefund({
      ...{ id: newId("ref", now), orderId: order.id, paymentId, status: "succeeded", ...amount },
      ...{ reason: DISPUTE_LOST, providerRefundId, source: "dispute", actor },
      ...{ createdAt: now, updatedAt: now },
    }),
  ];
}

/** After an appeal, what the bank had kept is the shop's again. */
function returnedMoney({ refunds }: StoredOrder, disputeId: string, now: number): Statement[] {
  return refunds
    .filter(
      ({ source, providerRefundId }) => source === "dispute" && providerRefundId === disputeId,
    )
    .map(({ id }) => settleRefund(id, { status: "failed", providerRefundId: disputeId }, now));
}
