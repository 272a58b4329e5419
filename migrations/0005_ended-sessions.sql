CREATE INDEX `sessions_by_end` ON `sessions` (`ended_at`) WHERE "ended_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `users_admins` ON `users` (`id`) WHERE "role" = 'admin';