import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How often what a tag stands for has changed. Triggers count, in the batch of the change. */
export const tagVersions = sqliteTable("tag_versions", {
  tag: text("tag").primaryKey(),
  version: integer("version").notNull(),
});
