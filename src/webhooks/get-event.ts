import type { Context } from "../platform/context.ts";
import { notFound } from "../platform/errors.ts";
import { presentEventDetail, type WebhookEventDetail } from "./event.ts";
import { findEvent } from "./store.ts";

/** One event of the inbox with what the provider sent. Throws `NOT_FOUND`. */
export async function getEvent(
  ctx: Context,
  input: { readonly id: string },
): Promise<WebhookEventDetail> {
  const [row] = await ctx.db.run(findEvent(input.id));
  if (row === undefined) throw notFound("webhook event");
  return presentEventDetail(row);
}
