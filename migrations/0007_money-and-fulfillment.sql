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
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `fulfillments_of_order` ON `fulfillments` (`order_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `refund_lines` (
	`refund_id` text NOT NULL,
	`order_id` text NOT NULL,
	`sku` text NOT NULL,
	`quantity` integer NOT NULL,
	`restock` integer NOT NULL,
	PRIMARY KEY(`refund_id`, `sku`),
	FOREIGN KEY (`refund_id`) REFERENCES `refunds`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`order_id`,`sku`) REFERENCES `order_lines`(`order_id`,`sku`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "refund_lines_quantity" CHECK("refund_lines"."quantity" > 0),
	CONSTRAINT "refund_lines_restock" CHECK("refund_lines"."restock" IN (0, 1))
) STRICT;
--> statement-breakpoint
CREATE INDEX `refund_lines_of_order` ON `refund_lines` (`order_id`,`sku`);--> statement-breakpoint
CREATE TABLE `reconciliations` (
	`name` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`version` integer NOT NULL,
	`updated_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
ALTER TABLE `orders` ADD `discount_code` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `payment_terms` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `refunds` ADD `source` text DEFAULT 'shop' NOT NULL;--> statement-breakpoint
ALTER TABLE `refunds` ADD `actor` text DEFAULT 'system' NOT NULL;--> statement-breakpoint
CREATE INDEX `movements_of_order` ON `stock_movements` (`order_id`,`sku`) WHERE "order_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `webhook_events_by_provider` ON `webhook_events` (`provider`,`received_at`,`id`);