import type Stripe from "stripe";
import { SECOND_MS } from "../platform/clock.ts";
import type { Money } from "../platform/money.ts";
import { fromStripe } from "./stripe-amount.ts";

/** A dispute in the shop's words. */
export interface DisputeAtStripe {
  readonly id: string;
  readonly status: "open" | "won" | "lost";
  readonly reason: string;
  readonly money: Money;
  readonly paymentIntentId: string | null;
  /** False once the bank has taken the money: Stripe then refuses every refund of the payment. */
  readonly refundable: boolean;
  /** Milliseconds; until then Stripe takes evidence. Null when there is no such time. */
  readonly answerBy: number | null;
}

const ENDED: Readonly<Record<string, "won" | "lost">> = {
  won: "won",
  lost: "lost",
  // An inquiry that came to nothing, and a dispute that a refund has headed off.
  warning_closed: "won",
  prevented: "won",
};

/** https://docs.stripe.com/api/disputes/object#dispute_object-status */
export function readDispute(dispute: Stripe.Dispute): DisputeAtStripe {
  const { id, reason, amount, currency, payment_intent: intent, evidence_details } = dispute;
  const due = evidence_details.due_by;
  return {
    id,
    reason,
    status: ENDED[dispute.status] ?? "open",
    money: fromStripe(amount, currency),
    paymentIntentId: typeof intent === "string" ? intent : (intent?.id ?? null),
    refundable: dispute.is_charge_refundable,
    answerBy: due === null ? null : due * SECOND_MS,
  };
}
