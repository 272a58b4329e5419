export { settingsOf } from "./get-settings.ts";
export { readShop, settingsBeside } from "./read-shop.ts";
export { settingsRoutes } from "./routes.ts";
export { sellerLines, shopName } from "./say-settings.ts";
export type { Seller, ShopSettings } from "./settings.ts";
export { findSettings, wantsMail } from "./store.ts";
