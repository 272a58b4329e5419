ALTER TABLE `order_lines` ADD `ordered_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `order_lines_of_sku` ON `order_lines` (`sku`,`ordered_at`);--> statement-breakpoint
CREATE INDEX `orders_calling` ON `orders` (`created_at`) WHERE "attention_reason" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `orders_calling_for` ON `orders` (`attention_reason`,`created_at`) WHERE "attention_reason" IS NOT NULL;