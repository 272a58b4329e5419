/**
 * The words by which the database refuses, as far as anybody branches on them: the name of a CHECK, the column of a
 * UNIQUE or NOT NULL, or what a trigger raises. A test finds each of them in the migrations.
 */
export const CONSTRAINTS = [
  "FOREIGN KEY",
  "shop_not_open",
  // The catalog
  "products.slug",
  "variants.sku",
  "products_window",
  "product_one_currency",
  "product_has_too_many_variants",
  "product_needs_a_variant",
  "line_name_too_long",
  "product_has_too_many_images",
  "image_without_bytes",
  "image_leaving",
  // Stock and holds
  "sku_not_for_sale",
  "sku_not_on_sale",
  "holds_per_caller",
  "max_per_order",
  "max_per_customer",
  "customer_unknown",
  "stock_not_oversold",
  "stock_on_hand_not_negative",
  "reservation_not_found",
  "reservation_expired",
  "reservation_ended",
  "reservation_claimed",
  // Orders, and the key that two changes of one version of an order run into
  "orders_one_currency",
  "orders.id",
  "orders.subtotal",
  "order_events.order_id, order_events.seq",
  "receipts_too_many",
  "order_not_paid",
  "order_refunded",
  "order_disputed",
  "units_exceed_items",
  "refund_exceeds_captured",
  "refund_exceeds_items",
  "restock_exceeds_items",
  // Discounts
  "discounts.code",
  "discounts_window",
  "discounts_used_up",
  "discount_unknown",
  "discount_not_started",
  "discount_ended",
  "discount_currency",
  "discount_below_minimum",
  "discount_other_goods",
  "discount_needs_customer",
  "discount_used_by_customer",
  // People
  "users.email",
  "key_exceeds_maker",
  "session_secrets.session_id",
  "email_tokens.user_id",
  "email_token_used",
  "email_token_expired",
  "signing_keys.status",
  "forgettings.customer_id",
  "order_under_way",
  "holds_under_way",
  "last_admin",
  "user_deleted",
  // Subscribers
  "webhook_endpoints_full",
  "endpoint_exceeds_maker",
  "webhook_secrets_full",
  "webhook_secrets.endpoint_id",
  // Exports and imports
  "csv_job_moved",
  // What was done, and what was asked before
  "audit_log.target",
  "event_archived",
  "idempotency_keys.request_hash",
] as const;

export type Constraint = (typeof CONSTRAINTS)[number];
