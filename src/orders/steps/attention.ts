/** Why a person has to look at an order. */
export const ATTENTION_REASONS = [
  "amount_mismatch",
  "refund_failed",
  "dispute",
  "dispute_lost",
  // Written again after a restore: it may have been sent, or changed, without anybody knowing it here.
  "restored",
] as const;
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/** The mark on an order that calls a person, or takes the call back; in milliseconds since when. */
export interface AttentionMark {
  readonly attentionReason: AttentionReason | null;
  readonly attentionSince: number | null;
}

export function marked(reason: AttentionReason | null, now: number): AttentionMark {
  return { attentionReason: reason, attentionSince: reason === null ? null : now };
}
