import type Stripe from "stripe";
import { SECOND_MS } from "../platform/clock.ts";
import type { Money } from "../platform/money.ts";
import { fromStripe } from "./stripe-amount.ts";

const LIST_PAGE = 100;
/** A payment of which even more went back in pieces has the oldest of them on the books already. */
const MAX_LISTED = 1000;

export interface RefundState {
  readonly id: string;
  readonly status: "succeeded" | "pending" | "failed";
}

/** A refund as Stripe has it, whoever made it. */
export interface RefundAtStripe extends RefundState {
  readonly money: Money;
  /** Why, in the words of Stripe's dashboard; null where nobody said. */
  readonly reason: string | null;
  /** The id that the shop gave it. Anybody with access to Stripe can write there, so it proves nothing. */
  readonly refundId: string | null;
  /** Milliseconds. */
  readonly createdAt: number;
}

/** https://docs.stripe.com/api/refunds/object#refund_object-status */
export function readRefund({ id, status }: Stripe.Refund): RefundState {
  if (status === "succeeded") return { id, status };
  return { id, status: status === "failed" || status === "canceled" ? "failed" : "pending" };
}

/** Every refund of a payment, oldest first. */
export async function listRefunds(
  stripe: Stripe,
  paymentIntentId: string,
): Promise<RefundAtStripe[]> {
  const found = await stripe.refunds
    .list({ payment_intent: paymentIntentId, limit: LIST_PAGE })
    .autoPagingToArray({ limit: MAX_LISTED });
  return found.reverse().map((refund) => ({
    ...readRefund(refund),
    money: fromStripe(refund.amount, refund.currency),
    reason: refund.reason,
    refundId: refund.metadata?.["refundId"] ?? null,
    createdAt: refund.created * SECOND_MS,
  }));
}
