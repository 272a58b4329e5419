/** Every privileged change that is written down. */
export const AUDIT_ACTIONS = [
  "product.created",
  "stock.moved",
  "reservation.released",
  "discount.created",
  "discount.updated",
  "order.canceled",
  "order.fulfilled",
  "order.refunded",
  "order.attention_resolved",
  "user.updated",
  "user.made_admin",
  "password.changed",
  "password.reset",
  "api_key.created",
  "api_key.revoked",
  "api_key.kept",
  "signing_keys.rotated",
  "signing_keys.sealed_again",
  "webhook_event.replayed",
  "dead_letter.replayed",
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];
