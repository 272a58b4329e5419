import * as z from "zod";
import { SECOND_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import { promise } from "../outbox/store.ts";
import type { PayloadOf } from "../outbox/topics.ts";
import type { Tag } from "./store.ts";

const API = "https://api.cloudflare.com";
const TIMEOUT_MS = 10 * SECOND_MS;
const answerSchema = z.object({ success: z.boolean() });

/**
 * Belongs into the batch of whatever changes what a tag stands for: caches of other places drop it then, the Cache API's
 * and those before the shop that mind `Cache-Tag`. Nothing where the shop has no zone.
 */
export function promisePurged(ctx: Context, tag: Tag) {
  if (ctx.config.purge === undefined) return [];
  const dedupeKey = `purge:${tag}:${crypto.randomUUID()}` as const;
  return [promise(ctx, { topic: "cache.purge", payload: { tag }, dedupeKey })];
}

/**
 * Tells the zone; as often as it is told, the same is true then. Throws where the zone does not take it, to be tried
 * again. https://developers.cloudflare.com/cache/how-to/purge-cache/purge-by-tags/
 */
export async function purgeCaches(ctx: Context, { tag }: PayloadOf<"cache.purge">): Promise<void> {
  const { purge } = ctx.config;
  if (purge === undefined) return; // no zone any more, so nothing is kept there for this shop
  const { zone, token, apiUrl = API } = purge;
  const response = await fetch(`${apiUrl}/client/v4/zones/${zone}/purge_cache`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ tags: [tag] }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.ok && isTaken(text)) return;
  throw new Error(`The zone did not take a purge: ${response.status} ${text.slice(0, 200)}`);
}

/** Cloudflare says no with a 200 too. */
function isTaken(text: string): boolean {
  try {
    return answerSchema.parse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
