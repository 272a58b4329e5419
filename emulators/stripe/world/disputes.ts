import { emit } from "./events.ts";
import type { Charge, Dispute } from "./objects.ts";
import { bookMovement } from "./payment-objects.ts";
import { Refusal } from "./payments.ts";
import type { Scope } from "./world.ts";

const EVIDENCE_DAYS = 9;
const DAY_SECONDS = 86_400;

const OPEN_STATUSES = ["needs_response", "under_review"];

/** The cardholder's bank takes the money back and asks for evidence. */
export function openDispute(scope: Scope, charge: Charge): Dispute {
  if (charge.status !== "succeeded") throw new Refusal(`The charge is ${charge.status}.`);
  if (charge.disputed) throw new Refusal("The charge is disputed already.");
  const dispute = newDispute(scope, charge);
  charge.disputed = true;
  withdraw(scope, dispute, -dispute.amount);
  scope.account.disputes.set(dispute.id, dispute);
  emit(scope, "charge.dispute.created", dispute);
  emit(scope, "charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/** Evidence has been handed in; the bank is reading it. */
export function reviewDispute(scope: Scope, dispute: Dispute): void {
  if (dispute.status !== "needs_response") throw new Refusal(`The dispute is ${dispute.status}.`);
  dispute.status = "under_review";
  dispute.evidence_details.has_evidence = true;
  dispute.evidence_details.submission_count += 1;
  emit(scope, "charge.dispute.updated", dispute, { status: "needs_response" });
}

/** The bank decides. Winning brings the money back; losing keeps it away. */
export function closeDispute(scope: Scope, dispute: Dispute, outcome: "won" | "lost"): void {
  if (!OPEN_STATUSES.includes(dispute.status)) {
    throw new Refusal(`The dispute is ${dispute.status} already.`);
  }
  const previous = { status: dispute.status };
  dispute.status = outcome;
  if (outcome === "won") {
    dispute.is_charge_refundable = true;
    withdraw(scope, dispute, dispute.amount);
  }
  emit(scope, "charge.dispute.updated", dispute, previous);
  emit(scope, "charge.dispute.closed", dispute);
  if (outcome === "won") emit(scope, "charge.dispute.funds_reinstated", dispute);
}

function withdraw(scope: Scope, dispute: Dispute, amount: number): void {
  const { currency, id: source } = dispute;
  const movement = bookMovement(scope, "adjustment", { amount, currency, source });
  dispute.balance_transactions.push(movement);
}

function newDispute({ world }: Scope, charge: Charge): Dispute {
  const created = world.seconds();
  return {
    id: world.newId("dp_1"),
    object: "dispute",
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...NO_EVIDENCE, customer_email_address: charge.billing_details.email },
    evidence_details: {
      due_by: created + EVIDENCE_DAYS * DAY_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: "fraudulent",
    status: "needs_response",
  };
}

const NO_EVIDENCE = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
} as const;
