CREATE TABLE `image_objects` (
	`key` text PRIMARY KEY NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`bytes` integer NOT NULL,
	`uses` integer DEFAULT 0 NOT NULL,
	`touched_at` integer NOT NULL,
	`leaving_at` integer,
	CONSTRAINT "image_objects_size" CHECK("image_objects"."width" > 0 AND "image_objects"."height" > 0 AND "image_objects"."bytes" > 0),
	CONSTRAINT "image_objects_uses" CHECK("image_objects"."uses" >= 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `image_objects_unused` ON `image_objects` (`touched_at`) WHERE "uses" = 0;--> statement-breakpoint
ALTER TABLE `product_images` ADD `key` text REFERENCES image_objects(key);--> statement-breakpoint
CREATE INDEX `images_of_object` ON `product_images` (`key`);--> statement-breakpoint
ALTER TABLE `products` ADD `opens_at` integer;--> statement-breakpoint
ALTER TABLE `products` ADD `closes_at` integer;--> statement-breakpoint
ALTER TABLE `variants` ADD `few_left` integer;--> statement-breakpoint
ALTER TABLE `variants` ADD `archived_at` integer;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `title` text;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `variant_title` text;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `unit_amount` integer;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `currency` text;--> statement-breakpoint
ALTER TABLE `reservation_lines` ADD `requires_shipping` integer;