import { hc } from "hono/client";
import type { AppType } from "./app.ts";

/**
 * The typed client for storefronts: a call that the API does not have does not compile.
 *
 *     const shop = createClient("https://shop.example.com");
 *     const answer = await shop.api.v1.products.$get({ query: { sort: "popular" } });
 */
export function createClient(url: string, options?: Parameters<typeof hc>[1]) {
  return hc<AppType>(url, options);
}
