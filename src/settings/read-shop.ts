import type { Context } from "../platform/context.ts";
import { storedJson } from "../platform/stored-json.ts";
import { getSettings, settingsOf } from "./get-settings.ts";
import { type ShopSettings, shopSettingsSchema } from "./settings.ts";
import { findSettings } from "./store.ts";

const KEY = "settings";
const read = storedJson(shopSettingsSchema);

/**
 * The settings for a page, which come with the first batch that it reads. Where it reads none, they are from memory, which
 * hears of a change as it does of the catalog's.
 */
export function settingsBeside(ctx: Context): () => Promise<ShopSettings> {
  const found = ctx.db.besideNext(findSettings());
  return async () => {
    const rows = found();
    return rows === undefined ? readShop(ctx) : settingsOf(rows[0]);
  };
}

/** The same by themselves. */
export async function readShop(ctx: Context): Promise<ShopSettings> {
  const { memory } = ctx;
  if (memory === undefined) return settingsOf((await ctx.db.run(findSettings()))[0]);
  const { text } = await memory.recall(ctx, KEY, async () => {
    const { settings } = await getSettings(ctx);
    return { text: JSON.stringify(settings) };
  });
  return read(text);
}
