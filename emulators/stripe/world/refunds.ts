import { formatMoney } from "../protocol/money.ts";
import { invalid } from "../protocol/problem.ts";
import { emit } from "./events.ts";
import type { Charge, Refund } from "./objects.ts";
import { bookMovement } from "./payment-objects.ts";
import { Refusal } from "./refusal.ts";
import type { Account } from "./state.ts";
import type { Scope } from "./world.ts";

export interface RefundInput {
  amount?: number | undefined;
  reason?: string | undefined;
  metadata?: Record<string, string>;
}

/**
 * Gives money of a charge back; without `amount`, all that is left of it.
 * Refunds of slow methods are pending until the bank answers.
 * @throws Problem when the charge cannot give that much back.
 */
export function createRefund(scope: Scope, charge: Charge, input: RefundInput): Refund {
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = input.amount ?? left;
  refuseRefund(scope, charge, { amount, left });
  const { world, account } = scope;
  const byCard = charge.payment_method_details?.type === "card";
  const status = byCard ? world.state.cardRefunds : "pending";
  const refund = newRefund(scope, charge, { ...input, amount, status });
  account.refunds.set(refund.id, refund);
  moveRefundedAmount(charge, amount);
  emit(scope, "refund.created", refund);
  emit(scope, "charge.refunded", charge, {
    amount_refunded: charge.amount_refunded - amount,
    ...(charge.refunded ? { refunded: false } : {}),
  });
  return refund;
}

function refuseRefund(
  { account }: Scope,
  charge: Charge,
  { amount, left }: { amount: number; left: number },
): void {
  if (charge.disputed && isChargedBack(account, charge)) {
    throw invalid(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      undefined,
      "charge_disputed",
    );
  }
  if (charge.refunded || left === 0) {
    throw invalid(
      `Charge ${charge.id} has already been refunded.`,
      undefined,
      "charge_already_refunded",
    );
  }
  if (amount > left) {
    const asked = formatMoney(amount, charge.currency);
    const limit = formatMoney(left, charge.currency);
    const what = charge.amount_refunded === 0 ? "charge amount" : "unrefunded amount on charge";
    throw invalid(`Refund amount (${asked}) is greater than ${what} (${limit})`, "amount");
  }
}

function isChargedBack(account: Account, charge: Charge): boolean {
  const disputes = [...account.disputes.values()];
  return disputes.some((item) => item.charge === charge.id && !item.is_charge_refundable);
}

function newRefund(
  scope: Scope,
  charge: Charge,
  input: RefundInput & { amount: number; status: "pending" | "succeeded" },
): Refund {
  const { amount, status } = input;
  const { currency } = charge;
  const id = scope.world.newId("re_3");
  const type = charge.payment_method_details?.type ?? "card";
  return {
    id,
    object: "refund",
    amount,
    balance_transaction: bookMovement(scope, "refund", { amount: -amount, currency, source: id })
      .id,
    charge: charge.id,
    created: scope.world.seconds(),
    currency,
    customer: null,
    customer_account: null,
    destination_details: { type },
    metadata: input.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: null,
    ...(status === "pending" ? { pending_reason: "processing" } : {}),
    reason: input.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
  };
}

/** The refunded sum counts pending refunds, and no longer those that failed. */
function moveRefundedAmount(charge: Charge, amount: number): void {
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded >= charge.amount_captured;
}

/** The bank sends the money back, at once or days after the refund was said to have succeeded. */
export function failRefund(scope: Scope, refund: Refund): void {
  if (refund.status === "failed") throw new Refusal("The refund has failed already.");
  const charge = scope.account.charges.get(refund.charge);
  const previous = { status: refund.status };
  const { amount, currency, id: source } = refund;
  refund.status = "failed";
  refund.failure_reason = "expired_or_canceled_card";
  refund.failure_balance_transaction = bookMovement(scope, "refund_failure", {
    amount,
    currency,
    source,
  }).id;
  delete refund.pending_reason;
  if (charge !== undefined) moveRefundedAmount(charge, -amount);
  emit(scope, "refund.updated", refund, previous);
  emit(scope, "charge.refund.updated", refund, previous);
  emit(scope, "refund.failed", refund);
}

/** A pending refund arrives. */
export function succeedRefund(scope: Scope, refund: Refund): void {
  if (refund.status !== "pending") throw new Refusal(`The refund is ${refund.status} already.`);
  refund.status = "succeeded";
  delete refund.pending_reason;
  const previous = { status: "pending" };
  emit(scope, "refund.updated", refund, previous);
  emit(scope, "charge.refund.updated", refund, previous);
}
