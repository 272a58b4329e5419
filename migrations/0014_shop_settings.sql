CREATE TABLE `shop_settings` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`settings` text NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "shop_settings_one_row" CHECK("shop_settings"."id" = 1)
) STRICT;
--> statement-breakpoint
ALTER TABLE `reservations` ADD `changed_at` integer;--> statement-breakpoint
ALTER TABLE `stock_levels` ADD `fillings` integer DEFAULT 0 NOT NULL;