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
  // Whoever bought it is forgotten. A step like any other: who has read the order before decides anew.
  "customer.deleted",
  // Between staff.
  "note.added",
] as const;

export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number];
