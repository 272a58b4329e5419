CREATE TABLE `discount_products` (
	`discount_id` text NOT NULL,
	`product_id` text NOT NULL,
	PRIMARY KEY(`discount_id`, `product_id`),
	FOREIGN KEY (`discount_id`) REFERENCES `discounts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`product_id`) REFERENCES `products`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
ALTER TABLE `discounts` ADD `minimum` integer;--> statement-breakpoint
ALTER TABLE `discounts` ADD `minimum_currency` text;--> statement-breakpoint
ALTER TABLE `order_lines` ADD `discounted` integer DEFAULT 1 NOT NULL;