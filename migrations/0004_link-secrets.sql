ALTER TABLE `email_tokens` ADD `secret_hash` text;--> statement-breakpoint
CREATE UNIQUE INDEX `email_tokens_secret` ON `email_tokens` (`secret_hash`) WHERE "secret_hash" IS NOT NULL;