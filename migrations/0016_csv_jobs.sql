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
