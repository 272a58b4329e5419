/** What is told once, whatever promises it. Its key is one of these words and the id of what it is about. */
export const DEDUPE_PREFIXES = [
  "receipt",
  "payment_failed",
  "order_canceled",
  "shipped",
  // One mail of all that could tell a customer of a refund.
  "refunded",
  // A refund that goes to the provider.
  "refund",
  // What the operators want to hear of: a trigger writes the second.
  "order_paid",
  "low_stock",
  // Calls to the operators.
  "refund_failed",
  "amount_mismatch",
  "dispute",
  "paid_twice",
  "unreadable",
  "forgotten",
  "dead_events",
  "slow_refunds",
  "control_total",
  "audit_unfinished",
  "audit_failed",
  "lost_order",
  "restored",
  "opened",
  "invariants",
  "endpoint_paused",
  // Mails with a link, and what its use promises.
  "mail",
  "email_verified",
  "new_sign_in",
  // A product, an order or a customer that the index has to hear of: each change anew, for it is written as it is by then.
  "indexed",
  // An export or import, and which of its steps goes on.
  "csv",
  // A zone's caches, likewise.
  "purge",
] as const;

export type DedupeKey = `${(typeof DEDUPE_PREFIXES)[number]}:${string}`;
