import type Stripe from "stripe";
import { SECOND_MS } from "../../platform/clock.ts";
import type { ProviderDispute } from "../money-back.ts";
import { fromStripe } from "./amount.ts";

const ENDED: Readonly<Record<string, "won" | "lost">> = {
  won: "won",
  lost: "lost",
  // An inquiry that came to nothing, and a dispute that a refund has headed off.
  warning_closed: "won",
  prevented: "won",
};

/** https://docs.stripe.com/api/disputes/object#dispute_object-status */
export function readDispute(dispute: Stripe.Dispute): ProviderDispute {
  const { id, reason, amount, currency, payment_intent: intent, evidence_details } = dispute;
  const due = evidence_details.due_by;
  return {
    id,
    reason,
    status: ENDED[dispute.status] ?? "open",
    money: fromStripe(amount, currency),
    providerPaymentId: typeof intent === "string" ? intent : (intent?.id ?? null),
    refundable: dispute.is_charge_refundable,
    answerBy: due === null ? null : due * SECOND_MS,
  };
}
