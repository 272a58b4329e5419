import { sql } from "drizzle-orm";
import { check, integer, sqliteTable } from "drizzle-orm/sqlite-core";
import { jsonText } from "../platform/json-columns.ts";
import { shopSettingsSchema } from "./settings.ts";

/** What the shop says of itself: one row, or none as long as nobody has said anything. `version` counts its changes. */
export const shopSettings = sqliteTable(
  "shop_settings",
  {
    id: integer("id").primaryKey(),
    version: integer("version").notNull(),
    settings: jsonText("settings", shopSettingsSchema).notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [check("shop_settings_one_row", sql`${t.id} = 1`)],
);
