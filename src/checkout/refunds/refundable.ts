import type { StoredOrder } from "../../orders/index.ts";
import { AppError } from "../../platform/errors.ts";
import type { Money } from "../../platform/money.ts";

export interface Refundable {
  /** Null for an order that had nothing to pay. */
  readonly paymentId: string | null;
  readonly captured: number;
  /** What was taken and is neither back nor on its way back; a refund that failed is neither. */
  readonly left: Money;
}

/** What went back or is on its way, in minor units; a refund that failed is neither. */
export function goneOf(
  refunds: readonly { readonly status: string; readonly amount: number }[],
): number {
  return refunds.reduce((sum, { status, amount }) => (status === "failed" ? sum : sum + amount), 0);
}

/** What of an order's money can go back; undefined when it was not paid. */
export function refundableOf(order: StoredOrder): Refundable | undefined {
  const payment = order.payments.find(({ status }) => status === "succeeded");
  if (payment === undefined) return order.status === "paid" ? nothingPaid(order) : undefined;
  const refunds = order.refunds;
  // Money of another currency than was asked for has been returned at once, so a refund knows which.
  const currency = refunds[0]?.currency ?? order.currency;
  const amount = payment.captured - goneOf(refunds);
  return { paymentId: payment.id, captured: payment.captured, left: { amount, currency } };
}

/** Of an order that had nothing to pay. */
function nothingPaid({ currency }: StoredOrder): Refundable {
  return { paymentId: null, captured: 0, left: { amount: 0, currency } };
}

/** Throws `INVALID_TRANSITION` while a bank has the payment before it: what it takes back must not be given back too. */
export function assertUndisputed(order: StoredOrder): void {
  if (!order.disputes.some(({ status }) => status === "open")) return;
  throw new AppError(
    "INVALID_TRANSITION",
    "The customer's bank is looking into this payment. Wait until that is decided.",
  );
}
