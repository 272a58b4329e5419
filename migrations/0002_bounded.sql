CREATE TABLE `stock_checkpoints` (
	`sku` text PRIMARY KEY NOT NULL,
	`through_seq` integer DEFAULT 0 NOT NULL,
	`on_hand` integer DEFAULT 0 NOT NULL,
	`reserved` integer DEFAULT 0 NOT NULL,
	`purged` integer DEFAULT 0 NOT NULL,
	`recount` integer DEFAULT 0 NOT NULL,
	`recount_seq` integer DEFAULT 0 NOT NULL,
	`recount_on_hand` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`sku`) REFERENCES `stock_levels`(`sku`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `retention` (
	`what` text PRIMARY KEY NOT NULL,
	`after_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `retention_clock` (
	`id` integer PRIMARY KEY NOT NULL,
	`now` integer NOT NULL,
	CONSTRAINT "retention_clock_one_row" CHECK("retention_clock"."id" = 1)
) STRICT;
--> statement-breakpoint
DROP INDEX `stock_low`;--> statement-breakpoint
CREATE INDEX `stock_few` ON `stock_levels` (`sku`) WHERE "low_stock_threshold" >= "on_hand" - "reserved";--> statement-breakpoint
CREATE INDEX `discount_uses_counted` ON `discount_uses` (`discount_id`) WHERE "given_back_at" IS NULL;--> statement-breakpoint
CREATE INDEX `reservations_over` ON `reservations` (`ended_at`) WHERE "ended_at" IS NOT NULL AND "order_id" IS NULL;--> statement-breakpoint
CREATE INDEX `orders_to_fulfill` ON `orders` (`status`,`fulfillment_status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `orders_over_unpaid` ON `orders` (`updated_at`) WHERE "captured" = 0 AND "attention_reason" IS NULL AND ("status" = 'expired' OR ("status" = 'canceled' AND "total" > 0));--> statement-breakpoint
CREATE INDEX `webhook_events_by_provider_and_status` ON `webhook_events` (`provider`,`status`,`received_at`,`id`);