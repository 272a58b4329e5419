/** The three axes of an order, and the lives of its payments and refunds. The database holds the same tables. */
export const orderTransitions = {
  pending_payment: ["paid", "canceled", "expired"],
  paid: ["canceled"],
  canceled: [],
  // Only when late money found its stock again.
  expired: ["paid"],
} as const;

export const paymentStatusTransitions = {
  unpaid: ["processing", "paid", "failed"],
  processing: ["paid", "failed"],
  failed: ["paid"],
  paid: ["partially_refunded", "refunded", "disputed"],
  partially_refunded: ["paid", "refunded", "disputed"],
  refunded: ["paid", "partially_refunded", "disputed"],
  disputed: ["paid", "partially_refunded", "refunded"],
} as const;

export const fulfillmentTransitions = {
  unfulfilled: ["partially_fulfilled", "fulfilled"],
  partially_fulfilled: ["fulfilled"],
  fulfilled: [],
} as const;

export const paymentTransitions = {
  pending: ["processing", "succeeded", "failed", "expired"],
  processing: ["succeeded", "failed"],
  succeeded: [],
  failed: ["succeeded"],
  expired: ["processing", "succeeded"],
} as const;

export const refundTransitions = {
  pending: ["succeeded", "failed"],
  succeeded: ["failed"],
  failed: [],
} as const;

/** Who sent money back: the shop, somebody in the payment provider's dashboard, or a bank after a lost dispute. */
export const refundSources = ["shop", "provider", "dispute"] as const;

export const disputeTransitions = {
  open: ["won", "lost"],
  won: [],
  // After an appeal.
  lost: ["won"],
} as const;
