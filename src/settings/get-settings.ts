import type { Context } from "../platform/context.ts";
import type { RowOf } from "../platform/db.ts";
import { DEFAULT_SETTINGS, type ShopSettings } from "./settings.ts";
import { findSettings } from "./store.ts";

/** The settings with the strong tag that they have. */
export interface TaggedSettings {
  readonly settings: ShopSettings;
  readonly tag: string;
}

/** What the shop says of itself; the defaults as long as nobody has said anything. */
export async function getSettings(ctx: Context): Promise<TaggedSettings> {
  const [row] = await ctx.db.run(findSettings());
  return { settings: settingsOf(row), tag: tagOf(row) };
}

/** What a row of `findSettings` says, for whoever reads it in a batch of its own. */
export function settingsOf(row: RowOf<typeof findSettings> | undefined): ShopSettings {
  return row?.settings ?? DEFAULT_SETTINGS;
}

type Versioned = Pick<RowOf<typeof findSettings>, "version" | "updatedAt">;

/** The strong tag of a row, and of none. */
export function tagOf({ version, updatedAt }: Versioned = { version: 0, updatedAt: 0 }): string {
  return `"${version}-${updatedAt}"`;
}
