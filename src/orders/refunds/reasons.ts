/** Why a payment goes back by itself, which its payer is told. */
export const RETURN_REASONS = [
  "sold_out",
  "code_used_up",
  "limit_reached",
  "order_canceled",
  "amount_mismatch",
] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/** What a refund's reason says where no person has said why; beside these it is free text. */
export type RefundReason =
  | ReturnReason
  /** Nobody has said. */
  | "unspecified"
  /** Nobody has said in the payment provider's dashboard. */
  | "provider_dashboard"
  /** A bank keeps it after a lost dispute. */
  | "dispute_lost";
