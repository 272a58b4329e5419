import type { Context } from "../platform/context.ts";
import { expireUnclaimed } from "./holds/store.ts";

const MAX_PER_RUN = 500;

/** Ends the holds that nobody took to the checkout within their 15 minutes. Those at the checkout need Stripe's word first. */
export async function expireReservations(ctx: Context): Promise<{ expired: number }> {
  const expired = await ctx.db.run(expireUnclaimed(ctx.now(), MAX_PER_RUN));
  return { expired: expired.length };
}
