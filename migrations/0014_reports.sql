CREATE TABLE `product_days` (
	`day` text NOT NULL,
	`sku` text NOT NULL,
	`currency` text NOT NULL,
	`units` integer NOT NULL,
	`revenue` integer NOT NULL,
	PRIMARY KEY(`day`, `sku`, `currency`),
	CONSTRAINT "product_days_counts" CHECK(min("product_days"."units", "product_days"."revenue") >= 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `sales_days` (
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`orders` integer DEFAULT 0 NOT NULL,
	`units` integer DEFAULT 0 NOT NULL,
	`subtotal` integer DEFAULT 0 NOT NULL,
	`discount` integer DEFAULT 0 NOT NULL,
	`shipping` integer DEFAULT 0 NOT NULL,
	`tax` integer DEFAULT 0 NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`refunds` integer DEFAULT 0 NOT NULL,
	`refunded` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`day`, `currency`),
	CONSTRAINT "sales_days_counts" CHECK(min("sales_days"."orders", "sales_days"."units", "sales_days"."subtotal", "sales_days"."discount", "sales_days"."shipping", "sales_days"."tax", "sales_days"."total", "sales_days"."refunds", "sales_days"."refunded") >= 0)
) STRICT;
--> statement-breakpoint
CREATE TABLE `stock_days` (
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`skus` integer NOT NULL,
	`units` integer NOT NULL,
	`value` integer NOT NULL,
	`counted_at` integer NOT NULL,
	PRIMARY KEY(`day`, `currency`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `zone_offsets` (
	`since` integer PRIMARY KEY NOT NULL,
	`offset_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
ALTER TABLE `refunds` ADD `counted_at` integer;--> statement-breakpoint
CREATE INDEX `refunds_counted` ON `refunds` (`counted_at`) WHERE "counted_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `order_events_paid` ON `order_events` (`created_at`) WHERE "type" = 'order.paid';