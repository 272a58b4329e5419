CREATE TABLE `product_images` (
	`id` text PRIMARY KEY NOT NULL,
	`product_id` text NOT NULL,
	`url` text NOT NULL,
	`alt` text NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`product_id`) REFERENCES `products`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `images_of_product` ON `product_images` (`product_id`,`position`);--> statement-breakpoint
CREATE TABLE `products` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`title` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`price_from` integer NOT NULL,
	`units_sold` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "products_status" CHECK("products"."status" IN ('draft', 'active', 'archived'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `products_id_unique` ON `products` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `products_slug_unique` ON `products` (`slug`);--> statement-breakpoint
CREATE INDEX `products_newest` ON `products` (`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_price` ON `products` (`status`,`price_from`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_sales` ON `products` (`status`,`units_sold`,`id`);--> statement-breakpoint
CREATE TABLE `variants` (
	`id` text PRIMARY KEY NOT NULL,
	`product_id` text NOT NULL,
	`sku` text NOT NULL,
	`title` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`position` integer NOT NULL,
	`requires_shipping` integer DEFAULT 1 NOT NULL,
	`max_per_order` integer DEFAULT 10 NOT NULL,
	`max_per_customer` integer,
	`opening_stock` integer DEFAULT 0 NOT NULL,
	`availability` text DEFAULT 'sold_out' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`product_id`) REFERENCES `products`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "variants_sku" CHECK("variants"."sku" = upper("variants"."sku")),
	CONSTRAINT "variants_amount_positive" CHECK("variants"."amount" > 0),
	CONSTRAINT "variants_currency" CHECK(length("variants"."currency") = 3),
	CONSTRAINT "variants_requires_shipping" CHECK("variants"."requires_shipping" IN (0, 1)),
	CONSTRAINT "variants_limits" CHECK("variants"."max_per_order" > 0 AND coalesce("variants"."max_per_customer", 1) > 0),
	CONSTRAINT "variants_opening_stock" CHECK("variants"."opening_stock" >= 0),
	CONSTRAINT "variants_availability" CHECK("variants"."availability" IN ('in_stock', 'low', 'sold_out'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `variants_sku_unique` ON `variants` (`sku`);--> statement-breakpoint
CREATE INDEX `variants_of_product` ON `variants` (`product_id`,`position`);--> statement-breakpoint
CREATE TABLE `discount_uses` (
	`order_id` text PRIMARY KEY NOT NULL,
	`discount_id` text NOT NULL,
	`account_id` text,
	`email` text,
	`created_at` integer NOT NULL,
	`given_back_at` integer,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`discount_id`) REFERENCES `discounts`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `discount_uses_by_account` ON `discount_uses` (`discount_id`,`account_id`) WHERE "account_id" IS NOT NULL AND "given_back_at" IS NULL;--> statement-breakpoint
CREATE INDEX `discount_uses_by_email` ON `discount_uses` (`discount_id`,`email`) WHERE "email" IS NOT NULL AND "given_back_at" IS NULL;--> statement-breakpoint
CREATE TABLE `discounts` (
	`id` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`kind` text NOT NULL,
	`percent` integer,
	`amount` integer,
	`currency` text,
	`active` integer DEFAULT 1 NOT NULL,
	`starts_at` integer,
	`ends_at` integer,
	`max_uses` integer,
	`max_uses_per_customer` integer,
	`uses` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "discounts_code" CHECK("discounts"."code" = upper("discounts"."code") AND length("discounts"."code") > 0),
	CONSTRAINT "discounts_kind" CHECK(CASE "discounts"."kind"
        WHEN 'percentage' THEN coalesce("discounts"."percent", 0) BETWEEN 1 AND 100 AND "discounts"."amount" IS NULL AND "discounts"."currency" IS NULL
        WHEN 'fixed' THEN coalesce("discounts"."amount", 0) > 0 AND length(coalesce("discounts"."currency", '')) = 3 AND "discounts"."percent" IS NULL
        ELSE 0 END),
	CONSTRAINT "discounts_active" CHECK("discounts"."active" IN (0, 1)),
	CONSTRAINT "discounts_window" CHECK("discounts"."starts_at" IS NULL OR "discounts"."ends_at" IS NULL OR "discounts"."starts_at" < "discounts"."ends_at"),
	CONSTRAINT "discounts_limits" CHECK(coalesce("discounts"."max_uses", 1) > 0 AND coalesce("discounts"."max_uses_per_customer", 1) > 0),
	CONSTRAINT "discounts_uses_not_negative" CHECK("discounts"."uses" >= 0),
	CONSTRAINT "discounts_used_up" CHECK("discounts"."uses" <= coalesce("discounts"."max_uses", "discounts"."uses"))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `discounts_code_unique` ON `discounts` (`code`);--> statement-breakpoint
CREATE INDEX `discounts_newest` ON `discounts` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`hint` text NOT NULL,
	`scopes` text NOT NULL,
	`created_by` text NOT NULL,
	`owner_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_newest` ON `api_keys` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `api_keys_of_owner` ON `api_keys` (`owner_id`) WHERE "owner_id" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `email_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`purpose` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`secret_hash` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "email_tokens_purpose" CHECK("email_tokens"."purpose" IN ('verify', 'reset'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `email_tokens_of_user` ON `email_tokens` (`user_id`);--> statement-breakpoint
CREATE INDEX `email_tokens_expired` ON `email_tokens` (`expires_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `email_tokens_secret` ON `email_tokens` (`secret_hash`) WHERE "secret_hash" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `role_scopes` (
	`role` text NOT NULL,
	`scope` text NOT NULL,
	`whole` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`role`, `scope`),
	CONSTRAINT "role_scopes_whole" CHECK("role_scopes"."whole" IN (0, 1))
) STRICT;
--> statement-breakpoint
CREATE TABLE `session_secrets` (
	`hash` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`spent_at` integer,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `secrets_of_session` ON `session_secrets` (`session_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`user_agent` text NOT NULL,
	`address` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	`ended_by` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "sessions_kind" CHECK("sessions"."kind" IN ('token', 'browser')),
	CONSTRAINT "sessions_ended" CHECK(("sessions"."ended_at" IS NULL) = ("sessions"."ended_by" IS NULL))
) STRICT;
--> statement-breakpoint
CREATE INDEX `sessions_of_user` ON `sessions` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `sessions_expired` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE INDEX `sessions_by_end` ON `sessions` (`ended_at`) WHERE "ended_at" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`status` text NOT NULL,
	`public_jwk` text NOT NULL,
	`sealed_private_jwk` text NOT NULL,
	`created_at` integer NOT NULL,
	`current_since` integer,
	`retired_at` integer,
	CONSTRAINT "signing_keys_status" CHECK("signing_keys"."status" IN ('next', 'current', 'retired'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `signing_keys_one_current` ON `signing_keys` (`status`) WHERE "status" = 'current';--> statement-breakpoint
CREATE UNIQUE INDEX `signing_keys_one_next` ON `signing_keys` (`status`) WHERE "status" = 'next';--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`password_hash` text,
	`role` text NOT NULL,
	`email_verified_at` integer,
	`disabled_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "users_role" CHECK("users"."role" IN ('customer', 'agent', 'admin')),
	CONSTRAINT "users_email" CHECK("users"."email" = lower("users"."email"))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE INDEX `users_of_account` ON `users` (`account_id`);--> statement-breakpoint
CREATE INDEX `users_newest` ON `users` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `users_admins` ON `users` (`id`) WHERE "role" = 'admin';--> statement-breakpoint
CREATE TABLE `reservation_lines` (
	`reservation_id` text NOT NULL,
	`sku` text NOT NULL,
	`quantity` integer NOT NULL,
	PRIMARY KEY(`reservation_id`, `sku`),
	FOREIGN KEY (`reservation_id`) REFERENCES `reservations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sku`) REFERENCES `stock_levels`(`sku`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "reservation_lines_quantity" CHECK("reservation_lines"."quantity" > 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `reservation_lines_of_sku` ON `reservation_lines` (`sku`,`reservation_id`);--> statement-breakpoint
CREATE TABLE `reservations` (
	`id` text PRIMARY KEY NOT NULL,
	`ref` text NOT NULL,
	`status` text NOT NULL,
	`order_id` text,
	`account_id` text,
	`caller` text NOT NULL,
	`caller_limit` integer NOT NULL,
	`actor` text NOT NULL,
	`request_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "reservations_status" CHECK("reservations"."status" IN ('held', 'committed', 'released', 'expired')),
	CONSTRAINT "reservations_ended" CHECK(("reservations"."status" = 'held') = ("reservations"."ended_at" IS NULL))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `reservations_ref_unique` ON `reservations` (`ref`);--> statement-breakpoint
CREATE UNIQUE INDEX `reservations_order` ON `reservations` (`order_id`) WHERE "order_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `reservations_of_caller` ON `reservations` (`caller`,`status`,`id`);--> statement-breakpoint
CREATE INDEX `reservations_by_status` ON `reservations` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `reservations_of_account` ON `reservations` (`account_id`) WHERE "account_id" IS NOT NULL AND "status" = 'held';--> statement-breakpoint
CREATE INDEX `reservations_due` ON `reservations` (`expires_at`) WHERE "status" = 'held';--> statement-breakpoint
CREATE TABLE `stock_levels` (
	`sku` text PRIMARY KEY NOT NULL,
	`on_hand` integer DEFAULT 0 NOT NULL,
	`reserved` integer DEFAULT 0 NOT NULL,
	`low_stock_threshold` integer DEFAULT 5 NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`sku`) REFERENCES `variants`(`sku`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "stock_on_hand_not_negative" CHECK("stock_levels"."on_hand" >= 0),
	CONSTRAINT "stock_reserved_not_negative" CHECK("stock_levels"."reserved" >= 0),
	CONSTRAINT "stock_not_oversold" CHECK("stock_levels"."reserved" <= "stock_levels"."on_hand"),
	CONSTRAINT "stock_threshold_not_negative" CHECK("stock_levels"."low_stock_threshold" >= 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `stock_low` ON `stock_levels` (`sku`) WHERE "on_hand" - "reserved" <= "low_stock_threshold";--> statement-breakpoint
CREATE TABLE `stock_movements` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`sku` text NOT NULL,
	`kind` text NOT NULL,
	`on_hand_delta` integer NOT NULL,
	`reserved_delta` integer NOT NULL,
	`reason` text NOT NULL,
	`reservation_id` text,
	`order_id` text,
	`actor` text NOT NULL,
	`request_id` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`sku`) REFERENCES `stock_levels`(`sku`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "stock_movement_shape" CHECK(CASE "stock_movements"."kind"
        WHEN 'receive' THEN "stock_movements"."on_hand_delta" > 0 AND "stock_movements"."reserved_delta" = 0
        WHEN 'return' THEN "stock_movements"."on_hand_delta" > 0 AND "stock_movements"."reserved_delta" = 0
        WHEN 'damage' THEN "stock_movements"."on_hand_delta" < 0 AND "stock_movements"."reserved_delta" = 0
        WHEN 'adjust' THEN "stock_movements"."on_hand_delta" <> 0 AND "stock_movements"."reserved_delta" = 0
        WHEN 'reserve' THEN "stock_movements"."on_hand_delta" = 0 AND "stock_movements"."reserved_delta" > 0
        WHEN 'release' THEN "stock_movements"."on_hand_delta" = 0 AND "stock_movements"."reserved_delta" < 0
        WHEN 'sale' THEN "stock_movements"."on_hand_delta" < 0 AND "stock_movements"."reserved_delta" IN (0, "stock_movements"."on_hand_delta")
        ELSE 0 END)
) STRICT;
--> statement-breakpoint
CREATE INDEX `movements_of_sku` ON `stock_movements` (`sku`,`seq`);--> statement-breakpoint
CREATE INDEX `movements_of_order` ON `stock_movements` (`order_id`,`sku`) WHERE "order_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `movements_of_reservation` ON `stock_movements` (`reservation_id`) WHERE "reservation_id" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `disputes` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`payment_id` text NOT NULL,
	`status` text NOT NULL,
	`reason` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "disputes_status" CHECK("disputes"."status" IN ('open', 'won', 'lost')),
	CONSTRAINT "disputes_amount" CHECK("disputes"."amount" > 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `disputes_of_order` ON `disputes` (`order_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `fulfillment_lines` (
	`fulfillment_id` text NOT NULL,
	`order_id` text NOT NULL,
	`sku` text NOT NULL,
	`quantity` integer NOT NULL,
	PRIMARY KEY(`fulfillment_id`, `sku`),
	FOREIGN KEY (`fulfillment_id`) REFERENCES `fulfillments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`order_id`,`sku`) REFERENCES `order_lines`(`order_id`,`sku`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "fulfillment_lines_quantity" CHECK("fulfillment_lines"."quantity" > 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `fulfillment_lines_of_order` ON `fulfillment_lines` (`order_id`,`sku`);--> statement-breakpoint
CREATE TABLE `fulfillments` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`carrier` text,
	`tracking_number` text,
	`despite` text,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "fulfillments_despite" CHECK("fulfillments"."despite" IN ('refunded', 'disputed'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `fulfillments_of_order` ON `fulfillments` (`order_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `refund_lines` (
	`refund_id` text NOT NULL,
	`order_id` text NOT NULL,
	`sku` text NOT NULL,
	`quantity` integer NOT NULL,
	`restock` text NOT NULL,
	`unsent` integer NOT NULL,
	PRIMARY KEY(`refund_id`, `sku`),
	FOREIGN KEY (`refund_id`) REFERENCES `refunds`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`order_id`,`sku`) REFERENCES `order_lines`(`order_id`,`sku`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "refund_lines_quantity" CHECK("refund_lines"."quantity" > 0),
	CONSTRAINT "refund_lines_restock" CHECK(CASE "refund_lines"."restock"
        WHEN 'cancel' THEN "refund_lines"."unsent" = "refund_lines"."quantity"
        WHEN 'return' THEN "refund_lines"."unsent" = 0
        WHEN 'none' THEN "refund_lines"."unsent" BETWEEN 0 AND "refund_lines"."quantity"
        ELSE 0 END)
) STRICT;
--> statement-breakpoint
CREATE INDEX `refund_lines_of_order` ON `refund_lines` (`order_id`,`sku`);--> statement-breakpoint
CREATE TABLE `refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`payment_id` text,
	`status` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`reason` text NOT NULL,
	`provider_refund_id` text,
	`controlled_at` integer,
	`source` text NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "refunds_status" CHECK("refunds"."status" IN ('pending', 'succeeded', 'failed')),
	CONSTRAINT "refunds_amount" CHECK(iif("refunds"."payment_id" IS NULL, "refunds"."amount" = 0 AND "refunds"."status" = 'succeeded', "refunds"."amount" > 0))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_provider_refund_id_unique` ON `refunds` (`provider_refund_id`);--> statement-breakpoint
CREATE INDEX `refunds_of_order` ON `refunds` (`order_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `refunds_of_payment` ON `refunds` (`payment_id`);--> statement-breakpoint
CREATE INDEX `refunds_to_control` ON `refunds` (`updated_at`) WHERE "provider_refund_id" IS NOT NULL AND "controlled_at" IS NULL;--> statement-breakpoint
CREATE INDEX `refunds_pending` ON `refunds` (`created_at`) WHERE "status" = 'pending';--> statement-breakpoint
CREATE TABLE `order_events` (
	`order_id` text NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`data` text NOT NULL,
	`actor` text NOT NULL,
	`request_id` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`order_id`, `seq`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `order_lines` (
	`order_id` text NOT NULL,
	`sku` text NOT NULL,
	`product_id` text NOT NULL,
	`title` text NOT NULL,
	`variant_title` text NOT NULL,
	`quantity` integer NOT NULL,
	`unit_amount` integer NOT NULL,
	`requires_shipping` integer NOT NULL,
	PRIMARY KEY(`order_id`, `sku`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`sku`) REFERENCES `variants`(`sku`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "order_lines_quantity" CHECK("order_lines"."quantity" > 0),
	CONSTRAINT "order_lines_requires_shipping" CHECK("order_lines"."requires_shipping" IN (0, 1)),
	CONSTRAINT "order_lines_unit_amount" CHECK("order_lines"."unit_amount" > 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `order_numbers` (
	`id` integer PRIMARY KEY NOT NULL,
	`next` integer NOT NULL,
	CONSTRAINT "order_numbers_one_row" CHECK("order_numbers"."id" = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`account_id` text,
	`browser_hash` text,
	`status` text NOT NULL,
	`payment_status` text NOT NULL,
	`fulfillment_status` text NOT NULL,
	`attention_reason` text,
	`attention_since` integer,
	`email` text,
	`currency` text NOT NULL,
	`subtotal` integer NOT NULL,
	`discount` integer DEFAULT 0 NOT NULL,
	`shipping` integer DEFAULT 0 NOT NULL,
	`tax` integer DEFAULT 0 NOT NULL,
	`shipping_tax` integer,
	`total` integer NOT NULL,
	`captured` integer DEFAULT 0 NOT NULL,
	`refunded` integer DEFAULT 0 NOT NULL,
	`reservation_id` text NOT NULL,
	`shipping_address` text,
	`discount_code` text,
	`payment_terms` text NOT NULL,
	`stopping` text,
	`success_url` text NOT NULL,
	`cancel_url` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`reservation_id`) REFERENCES `reservations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "orders_status" CHECK("orders"."status" IN ('pending_payment', 'paid', 'canceled', 'expired')),
	CONSTRAINT "orders_payment_status" CHECK("orders"."payment_status" IN ('unpaid', 'processing', 'paid', 'partially_refunded', 'refunded', 'disputed', 'failed')),
	CONSTRAINT "orders_fulfillment_status" CHECK("orders"."fulfillment_status" IN ('unfulfilled', 'partially_fulfilled', 'fulfilled')),
	CONSTRAINT "orders_one_currency" CHECK(length("orders"."currency") = 3),
	CONSTRAINT "orders_amounts" CHECK(min("orders"."subtotal", "orders"."discount", "orders"."shipping", "orders"."tax", "orders"."total", "orders"."captured", "orders"."refunded") >= 0),
	CONSTRAINT "orders_total" CHECK("orders"."total" = "orders"."subtotal" - "orders"."discount" + "orders"."shipping" + "orders"."tax"),
	CONSTRAINT "orders_refunded_within_captured" CHECK("orders"."refunded" <= "orders"."captured"),
	CONSTRAINT "orders_attention" CHECK(("orders"."attention_reason" IS NULL) = ("orders"."attention_since" IS NULL))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `orders_number_unique` ON `orders` (`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `orders_reservation_id_unique` ON `orders` (`reservation_id`);--> statement-breakpoint
CREATE INDEX `orders_newest` ON `orders` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_status` ON `orders` (`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_payment_status` ON `orders` (`payment_status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_fulfillment_status` ON `orders` (`fulfillment_status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_email` ON `orders` (`email`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_of_account` ON `orders` (`account_id`,`created_at`,`id`) WHERE "account_id" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`status` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`captured` integer DEFAULT 0 NOT NULL,
	`session_id` text,
	`session_url` text,
	`provider_payment_id` text,
	`controlled_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payments_status" CHECK("payments"."status" IN ('pending', 'processing', 'succeeded', 'failed', 'expired')),
	CONSTRAINT "payments_amounts" CHECK("payments"."amount" > 0 AND "payments"."captured" >= 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_session_id_unique` ON `payments` (`session_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `payments_provider_payment_id_unique` ON `payments` (`provider_payment_id`);--> statement-breakpoint
CREATE INDEX `payments_of_order` ON `payments` (`order_id`);--> statement-breakpoint
CREATE INDEX `payments_to_control` ON `payments` (`updated_at`) WHERE "status" = 'succeeded' AND "controlled_at" IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `payments_one_success` ON `payments` (`order_id`) WHERE "status" = 'succeeded';--> statement-breakpoint
CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`target` text NOT NULL,
	`data` text NOT NULL,
	`address` text NOT NULL,
	`request_id` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `audit_log_newest` ON `audit_log` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_of_target` ON `audit_log` (`target`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`caller` text NOT NULL,
	`key` text NOT NULL,
	`network` text,
	`request_hash` text NOT NULL,
	`subject` text,
	`status` integer,
	`headers` text,
	`body` text,
	`locked_until` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`caller`, `key`),
	CONSTRAINT "idempotency_answered" CHECK(("idempotency_keys"."status" IS NULL) = ("idempotency_keys"."body" IS NULL))
) STRICT;
--> statement-breakpoint
CREATE INDEX `idempotency_by_network` ON `idempotency_keys` (`network`) WHERE "network" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `idempotency_expired` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`message_id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`body` text NOT NULL,
	`reason` text NOT NULL,
	`request_id` text,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `dead_letters_newest` ON `dead_letters` (`created_at`);--> statement-breakpoint
CREATE INDEX `dead_letters_by_reason` ON `dead_letters` (`reason`,`created_at`,`message_id`);--> statement-breakpoint
CREATE TABLE `opening` (
	`id` integer PRIMARY KEY NOT NULL,
	`opened_from` integer NOT NULL,
	`asked_from` integer NOT NULL,
	CONSTRAINT "opening_one_row" CHECK("opening"."id" = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`topic` text NOT NULL,
	`payload` text NOT NULL,
	`dedupe_key` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`request_id` text,
	`created_at` integer NOT NULL,
	`done_at` integer,
	`wake_at` integer,
	CONSTRAINT "outbox_status" CHECK("outbox"."status" IN ('pending', 'done', 'dead')),
	CONSTRAINT "outbox_done" CHECK(("outbox"."status" = 'pending') = ("outbox"."wake_at" IS NOT NULL))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_dedupe_key_unique` ON `outbox` (`dedupe_key`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`wake_at`) WHERE "wake_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_newest` ON `outbox` (`status`,`created_at`);--> statement-breakpoint
CREATE TABLE `state_transitions` (
	`machine` text NOT NULL,
	`from_state` text NOT NULL,
	`to_state` text NOT NULL,
	PRIMARY KEY(`machine`, `from_state`, `to_state`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `reconciliations` (
	`name` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`version` integer NOT NULL,
	`updated_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `webhook_events` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`event_id` text NOT NULL,
	`type` text NOT NULL,
	`subject` text,
	`payload` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`lacks` text,
	`request_id` text,
	`received_at` integer NOT NULL,
	`processed_at` integer,
	`wake_at` integer,
	CONSTRAINT "webhook_events_provider" CHECK("webhook_events"."provider" IN ('stripe', 'resend')),
	CONSTRAINT "webhook_events_status" CHECK("webhook_events"."status" IN ('received', 'processed', 'ignored', 'failed', 'dead'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_events_once` ON `webhook_events` (`provider`,`event_id`);--> statement-breakpoint
CREATE INDEX `webhook_events_newest` ON `webhook_events` (`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_events_by_provider` ON `webhook_events` (`provider`,`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_events_by_status` ON `webhook_events` (`status`,`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_events_by_status_and_type` ON `webhook_events` (`status`,`type`,`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_events_by_type` ON `webhook_events` (`type`,`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_events_lacking` ON `webhook_events` (`lacks`) WHERE "status" = 'dead' AND "lacks" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `webhook_events_due` ON `webhook_events` (`wake_at`) WHERE "wake_at" IS NOT NULL;