CREATE TABLE `customers` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`email` text NOT NULL,
	`name` text,
	`version` integer DEFAULT 1 NOT NULL,
	`orders` integer DEFAULT 0 NOT NULL,
	`spent` text DEFAULT '{}' NOT NULL,
	`last_order_at` integer,
	`created_at` integer NOT NULL,
	CONSTRAINT "customers_email" CHECK("customers"."email" = lower("customers"."email"))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `customers_id_unique` ON `customers` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `customers_email_unique` ON `customers` (`email`);--> statement-breakpoint
CREATE TABLE `forgettings` (
	`id` text PRIMARY KEY NOT NULL,
	`customer_id` text NOT NULL,
	`user_id` text,
	`since` integer NOT NULL,
	`created_at` integer NOT NULL,
	`done_at` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `forgettings_open` ON `forgettings` (`created_at`) WHERE "done_at" IS NULL;--> statement-breakpoint
CREATE TABLE `forgotten_subjects` (
	`subject` text PRIMARY KEY NOT NULL,
	`forgetting_id` text NOT NULL,
	`whole` integer NOT NULL,
	FOREIGN KEY (`forgetting_id`) REFERENCES `forgettings`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "forgotten_subjects_named" CHECK("forgotten_subjects"."subject" <> ''),
	CONSTRAINT "forgotten_subjects_whole" CHECK("forgotten_subjects"."whole" IN (0, 1))
) STRICT;
--> statement-breakpoint
ALTER TABLE `users` ADD `deleted_at` integer;--> statement-breakpoint
ALTER TABLE `orders` ADD `forgotten_at` integer;