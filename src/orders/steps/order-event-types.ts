/** Every kind of entry in an order's history. Names on disk stay. */
export const ORDER_EVENT_TYPES = [
  "order.created",
  "order.restored",
  "order.paid",
  "order.expired",
  "order.canceled",
  "order.fulfilled",
  "payment.processing",
  "payment.failed",
  "payment.returned",
  "payment.mismatched",
  "refund.created",
  "refund.pending",
  "refund.succeeded",
  "refund.failed",
  "refund.stuck",
  "dispute.opened",
  "dispute.won",
  "dispute.lost",
  "dispute.contradicted",
  "attention.resolved",
  "receipt.requested",
  // Between staff.
  "note.added",
] as const;

export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number];
