import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Config } from "../../platform/config.ts";
import { wantsNoCache } from "../../platform/http/request.ts";
import { readShop, type ShopSettings, shopName } from "../../settings/index.ts";
import type { PageContext, PageRequest } from "../context.ts";
import { addressOf, hasJustChanged } from "../session.ts";
import { type PageHead, renderDocument, type Shop } from "./layout.tsx";

/** Answers with a page. */
export async function respond(
  c: PageRequest,
  head: PageHead,
  content: Child,
  status: ContentfulStatusCode = 200,
): Promise<Response> {
  return c.html(render(c, { head, content }, await settingsFor(c.var.ctx)()), status);
}

/** What a page says about itself, and what is on it. */
interface Page {
  readonly head: PageHead;
  readonly content: Child;
}

/**
 * The text of a page that is the same for everybody who is not signed in: kept in the isolate under its address. There
 * is nothing in it that is one visitor's own; for that it has places, which are filled in for each. Whoever is signed in,
 * has just changed something or asks for it gets one of the moment. `make` may ask for the settings once it has read
 * something, because they come with that.
 */
export async function keptPage(
  c: PageRequest,
  make: (settings: () => Promise<ShopSettings>) => Promise<Page>,
): Promise<string> {
  const { ctx } = c.var;
  const { memory, person } = ctx;
  const read = async () => {
    const settings = settingsFor(ctx);
    const page = await make(settings);
    return { text: render(c, page, await settings()) };
  };
  const address = addressOf(c);
  const fresh = person !== undefined || hasJustChanged(c) || wantsNoCache(c.req.raw.headers);
  const own = memory === undefined || address === undefined || fresh;
  const { text } = own ? await read() : await memory.recall(ctx, `page ${address}`, read);
  return text;
}

function render(c: PageRequest, { head, content }: Page, settings: ShopSettings): string {
  const { config, person } = c.var.ctx;
  const shop = shopOn(config, settings);
  return renderDocument({ shop, head, person, address: addressOf(c) }, content);
}

/** What stands on each page about the shop. */
export function shopOn(config: Config, settings: Pick<ShopSettings, "name">): Shop {
  return { shopName: shopName(config, settings), publicUrl: config.publicUrl };
}

/** How a page gets the settings. */
export function settingsFor(ctx: PageContext): () => Promise<ShopSettings> {
  return ctx.settings ?? (() => readShop(ctx));
}
