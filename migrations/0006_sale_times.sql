ALTER TABLE `products` ADD `opens_at` integer;--> statement-breakpoint
ALTER TABLE `products` ADD `closes_at` integer;--> statement-breakpoint
ALTER TABLE `variants` ADD `few_left` integer;--> statement-breakpoint
ALTER TABLE `variants` ADD `archived_at` integer;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `title` text;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `variant_title` text;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `unit_amount` integer;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `currency` text;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `requires_shipping` integer;