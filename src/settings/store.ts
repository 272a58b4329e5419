import { eq, type SQL, sql } from "drizzle-orm";
import { among, query } from "../platform/db.ts";
import { prepared } from "../platform/prepared.ts";
import { shopSettings } from "./schema.ts";
import type { OperatorMail, ShopSettings } from "./settings.ts";

/** There is no other. */
const ONLY_ROW = 1;

const settings = prepared(() =>
  query
    .select({
      version: shopSettings.version,
      settings: shopSettings.settings,
      updatedAt: shopSettings.updatedAt,
    })
    .from(shopSettings)
    .where(eq(shopSettings.id, ONLY_ROW)),
);

/** The settings, for whoever reads them in a batch of its own; none where there are none. */
export function findSettings() {
  return settings({});
}

const version = sql`coalesce((SELECT version FROM shop_settings WHERE id = 1), 0)`;
/** As a tag says it: a version that comes a second time, after a restore, is of another moment. */
const tag = sql`coalesce((SELECT version || '-' || updated_at FROM shop_settings WHERE id = 1), '0-0')`;

/** Puts these in the place of what was there, if that is one of these versions, and answers the new one; nothing where it is not. */
export function replaceSettings(
  said: ShopSettings,
  { seen, now }: { readonly seen: readonly string[] | undefined; readonly now: number },
) {
  const asSeen = seen === undefined ? sql`true` : sql`${tag} IN ${among(seen)}`;
  return query.all<{ version: number }>(sql`
    INSERT INTO shop_settings (id, version, settings, updated_at)
    SELECT 1, ${version} + 1, ${JSON.stringify(said)}, ${now} WHERE ${asSeen}
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, settings = excluded.settings, updated_at = excluded.updated_at
    RETURNING version`);
}

/** Whether the operators want such a mail at this moment: they do until they say no. */
export function wantsMail(kind: OperatorMail): SQL {
  return sql`(SELECT settings ->> ${`$.operatorMails.${kind}`} FROM shop_settings WHERE id = 1) IS NOT 0`;
}
