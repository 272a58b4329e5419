import { emit } from "./events.ts";
import type { Charge, Dispute } from "./objects.ts";
import { bookMovement } from "./payment-objects.ts";
import { Refusal } from "./refusal.ts";
import type { Scope } from "./world.ts";

const EVIDENCE_DAYS = 9;
const DAY_SECONDS = 86_400;

/** Statuses of Stripe; `opened` is what makes a dispute of a payment or of an inquiry about it. */
export const DISPUTE_STEPS = [
  "opened",
  "under_review",
  "won",
  "lost",
  "warning_needs_response",
  "warning_under_review",
  "warning_closed",
] as const;
export type DisputeStep = (typeof DISPUTE_STEPS)[number];

/** What can become of a dispute. https://docs.stripe.com/disputes/how-disputes-work */
const NEXT_STEPS: Record<string, readonly DisputeStep[]> = {
  needs_response: ["under_review", "won", "lost"],
  under_review: ["won", "lost"],
  warning_needs_response: ["opened", "warning_under_review", "warning_closed"],
  warning_under_review: ["opened", "warning_closed"],
};

/** The steps that are possible now, for the dashboard. */
export function stepsOf(dispute: Dispute | undefined): readonly DisputeStep[] {
  const closedInquiry = dispute === undefined || dispute.status === "warning_closed";
  return closedInquiry ? ["opened", "warning_needs_response"] : (NEXT_STEPS[dispute.status] ?? []);
}

/** The last dispute about a charge; one at a time is open. */
function disputeOf({ account }: Scope, charge: Charge): Dispute | undefined {
  return [...account.disputes.values()].findLast((dispute) => dispute.charge === charge.id);
}

/**
 * Takes the dispute about a charge one step on, or begins one, over `amount` or what is left.
 * @throws Refusal when that step does not follow.
 */
export function disputeCharge(
  scope: Scope,
  charge: Charge,
  { step, amount }: { step: DisputeStep; amount?: number | undefined },
): Dispute {
  const present = disputeOf(scope, charge);
  if (!stepsOf(present).includes(step)) {
    throw new Refusal(`The charge has ${present?.status ?? "no dispute"}; ${step} is impossible.`);
  }
  if (present === undefined || present.status === "warning_closed") {
    return begin(scope, charge, { inquiry: step === "warning_needs_response", amount });
  }
  if (amount !== undefined) throw new Refusal("Only a new dispute can be given an amount.");
  if (step === "opened") escalate(scope, present);
  else if (step === "won" || step === "lost") closeDispute(scope, present, step);
  else if (step === "warning_closed") closeInquiry(scope, present);
  else if (step !== "warning_needs_response") review(scope, present, step);
  return present;
}

/** A bank takes money back and asks for evidence; an inquiry only asks. */
function begin(
  scope: Scope,
  charge: Charge,
  { inquiry, amount }: { inquiry: boolean; amount: number | undefined },
): Dispute {
  const disputed = amount ?? charge.amount_captured - charge.amount_refunded;
  if (charge.status !== "succeeded") throw new Refusal(`The charge is ${charge.status}.`);
  if (disputed < 1 || disputed > charge.amount_captured) {
    throw new Refusal(`A dispute over ${disputed} of ${charge.amount_captured} is impossible.`);
  }
  const dispute = newDispute(scope, charge, { inquiry, amount: disputed });
  charge.disputed = true;
  scope.account.disputes.set(dispute.id, dispute);
  if (!inquiry) moveFunds(scope, dispute, -dispute.amount);
  emit(scope, "charge.dispute.created", dispute);
  if (!inquiry) emit(scope, "charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/** The answer to an inquiry did not satisfy: now the money goes. */
function escalate(scope: Scope, dispute: Dispute): void {
  const { status, is_charge_refundable } = dispute;
  dispute.status = "needs_response";
  dispute.is_charge_refundable = false;
  moveFunds(scope, dispute, -dispute.amount);
  emit(scope, "charge.dispute.updated", dispute, { status, is_charge_refundable });
  emit(scope, "charge.dispute.funds_withdrawn", dispute);
}

/** Evidence has been handed in; the bank is reading it. */
function review(
  scope: Scope,
  dispute: Dispute,
  status: "under_review" | "warning_under_review",
): void {
  const previous = { status: dispute.status };
  dispute.status = status;
  dispute.evidence_details.has_evidence = true;
  dispute.evidence_details.submission_count += 1;
  emit(scope, "charge.dispute.updated", dispute, previous);
}

function closeInquiry(scope: Scope, dispute: Dispute): void {
  dispute.status = "warning_closed";
  emit(scope, "charge.dispute.closed", dispute);
}

/** The bank decides. Winning brings the money back; losing keeps it away. */
export function closeDispute(scope: Scope, dispute: Dispute, outcome: "won" | "lost"): void {
  dispute.status = outcome;
  if (outcome === "won") {
    dispute.is_charge_refundable = true;
    moveFunds(scope, dispute, dispute.amount);
  }
  emit(scope, "charge.dispute.closed", dispute);
  if (outcome === "won") emit(scope, "charge.dispute.funds_reinstated", dispute);
}

function moveFunds(scope: Scope, dispute: Dispute, amount: number): void {
  const { currency, id: source } = dispute;
  const movement = bookMovement(scope, "adjustment", { amount, currency, source });
  dispute.balance_transactions.push(movement);
}

function newDispute(
  { world }: Scope,
  charge: Charge,
  { inquiry, amount }: { inquiry: boolean; amount: number },
): Dispute {
  const created = world.seconds();
  return {
    id: world.newId("dp_1"),
    object: "dispute",
    amount,
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
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    ...(charge.payment_method_details?.type === "card" ? cardDetails(inquiry) : {}),
    reason: "fraudulent",
    status: inquiry ? "warning_needs_response" : "needs_response",
  };
}

function cardDetails(inquiry: boolean): Pick<Dispute, "payment_method_details"> {
  const card = {
    brand: "visa",
    case_type: inquiry ? "inquiry" : "chargeback",
    network: "visa",
    network_reason_code: "10.4",
  } as const;
  return { payment_method_details: { type: "card", card } };
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
