CREATE TABLE `tag_versions` (
	`tag` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
) STRICT;
