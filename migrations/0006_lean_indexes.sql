DROP INDEX `movements_of_sku`;--> statement-breakpoint
CREATE INDEX `movements_of_sku` ON `stock_movements` (`sku`);--> statement-breakpoint
DROP INDEX `orders_newest`;--> statement-breakpoint
DROP INDEX `orders_by_status`;--> statement-breakpoint
DROP INDEX `orders_by_payment_status`;--> statement-breakpoint
DROP INDEX `orders_by_fulfillment_status`;--> statement-breakpoint
DROP INDEX `orders_to_fulfill`;--> statement-breakpoint
DROP INDEX `orders_by_email`;--> statement-breakpoint
DROP INDEX `orders_of_account`;--> statement-breakpoint
CREATE INDEX `orders_paid_and_sent` ON `orders` (`payment_status`,`fulfillment_status`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_newest` ON `orders` (`created_at`);--> statement-breakpoint
CREATE INDEX `orders_by_status` ON `orders` (`status`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_by_payment_status` ON `orders` (`payment_status`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_by_fulfillment_status` ON `orders` (`fulfillment_status`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_to_fulfill` ON `orders` (`status`,`fulfillment_status`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_by_email` ON `orders` (`email`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_of_account` ON `orders` (`account_id`,`created_at`) WHERE "account_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `disputes_of_payment` ON `disputes` (`payment_id`);