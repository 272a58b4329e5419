import type { Money } from "../platform/money.ts";

export interface RefundRequest {
  readonly refundId: string;
  readonly orderId: string;
  readonly providerPaymentId: string;
  readonly money: Money;
}

export interface RefundState {
  readonly id: string;
  readonly status: "succeeded" | "pending" | "failed";
}

/** A refund as the provider has it, whoever made it. */
export interface ProviderRefund extends RefundState {
  readonly money: Money;
  /** Why, in the provider's words; null where nobody said. */
  readonly reason: string | null;
  /** The id that the shop gave it. Anybody with access to the provider can write there, so it proves nothing. */
  readonly refundId: string | null;
  /** Milliseconds. */
  readonly createdAt: number;
}

/** A customer's bank asks for a payment back. */
export interface ProviderDispute {
  readonly id: string;
  readonly status: "open" | "won" | "lost";
  readonly reason: string;
  readonly money: Money;
  readonly providerPaymentId: string | null;
  /** False once the bank has taken the money: the provider then refuses every refund of the payment. */
  readonly refundable: boolean;
  /** Milliseconds; until then evidence is taken. Null when there is no such time. */
  readonly answerBy: number | null;
}
