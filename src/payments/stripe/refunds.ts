import type Stripe from "stripe";
import { SECOND_MS } from "../../platform/clock.ts";
import type { ProviderRefund, RefundState } from "../money-back.ts";
import { fromStripe } from "./amount.ts";

const LIST_PAGE = 100;
/** A payment of which even more went back in pieces has the oldest of them on the books already. */
const MAX_LISTED = 1000;

/** https://docs.stripe.com/api/refunds/object#refund_object-status */
export function readRefund({ id, status }: Stripe.Refund): RefundState {
  if (status === "succeeded") return { id, status };
  return { id, status: status === "failed" || status === "canceled" ? "failed" : "pending" };
}

/** Every refund of a payment, oldest first. */
export async function listRefunds(
  stripe: Stripe,
  providerPaymentId: string,
): Promise<ProviderRefund[]> {
  const found = await stripe.refunds
    .list({ payment_intent: providerPaymentId, limit: LIST_PAGE })
    .autoPagingToArray({ limit: MAX_LISTED });
  return found.reverse().map((refund) => ({
    ...readRefund(refund),
    money: fromStripe(refund.amount, refund.currency),
    reason: refund.reason,
    refundId: refund.metadata?.["refundId"] ?? null,
    createdAt: refund.created * SECOND_MS,
  }));
}
