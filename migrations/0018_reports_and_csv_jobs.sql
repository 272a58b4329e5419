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
CREATE INDEX `order_events_paid` ON `order_events` (`created_at`) WHERE "type" = 'order.paid';--> statement-breakpoint
CREATE TABLE `csv_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`dry_run` integer NOT NULL,
	`filter` text NOT NULL,
	`phase` text NOT NULL,
	`state` text DEFAULT '{}' NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`total` integer,
	`created` integer,
	`updated` integer,
	`unchanged` integer,
	`problems` integer DEFAULT 0 NOT NULL,
	`error_count` integer DEFAULT 0 NOT NULL,
	`errors` text DEFAULT '[]' NOT NULL,
	`upload` text,
	`bytes` integer DEFAULT 0 NOT NULL,
	`actor` text NOT NULL,
	`address` text NOT NULL,
	`request_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	CONSTRAINT "csv_jobs_status" CHECK("csv_jobs"."status" IN ('queued', 'running', 'succeeded', 'failed')),
	CONSTRAINT "csv_jobs_finished" CHECK(("csv_jobs"."status" IN ('succeeded', 'failed')) = ("csv_jobs"."finished_at" IS NOT NULL)),
	CONSTRAINT "csv_jobs_without_errors" CHECK("csv_jobs"."status" <> 'succeeded' OR "csv_jobs"."error_count" = 0),
	CONSTRAINT "csv_jobs_no_problems" CHECK("csv_jobs"."problems" = 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `csv_jobs_newest` ON `csv_jobs` (`created_at`);--> statement-breakpoint
CREATE TABLE `import_rows` (
	`job_id` text NOT NULL,
	`line` integer NOT NULL,
	`slug` text NOT NULL,
	`sku` text NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`job_id`, `line`)
) STRICT;
