import { findOrders, type StoredOrder } from "../../orders/index.ts";
import { MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { CheckoutContext } from "../context.ts";
import { applySession } from "../settling/apply-session.ts";
import { dueCheckouts } from "../store.ts";
import { closeSession } from "./close-session.ts";

const MAX_PER_RUN = 500;
/** A prime above `MAX_PER_RUN`, so that one minute after the other starts at each place of a list. */
const STRIDE = 503;
const READ_AT_ONCE = 50;
/** Cloudflare keeps six connections of an invocation open at a time. */
const AT_ONCE = 5;
/** After this no more are begun: the next run is close. */
const RUN_MS = 40 * SECOND_MS;
/** The same for those whose session is not known: each can take many calls, so they come last and have a time of their own. */
const UNKNOWN_MS = 15 * SECOND_MS;

/**
 * Ends the checkouts whose 15 minutes are over, each so:
 *
 *     1. its session is closed, or says that it was paid    the provider
 *     2. order and hold end, or are a sale                  one batch
 *
 * Dead after 1: the next run hears the same and goes on. While the provider cannot be asked, the stock stays held. Those
 * that fail, and those that take long to fail, do not keep the others from their turn.
 */
export async function expireCheckouts(
  ctx: CheckoutContext,
): Promise<{ due: number; ended: number; left: number }> {
  const now = ctx.now();
  const [known, unknown] = await ctx.db.batch([
    dueCheckouts(now, "known", MAX_PER_RUN),
    dueCheckouts(now, "unknown", MAX_PER_RUN),
  ]);
  const due = known.length + unknown.length;
  const endedKnown = await endAll(ctx, inTurn(known, now), RUN_MS);
  const ended = endedKnown + (await endAll(ctx, inTurn(unknown, now), UNKNOWN_MS));
  return { due, ended, left: due - ended };
}

/** The list begun at another place each minute: nobody is always behind those that fail. */
function inTurn(due: readonly { readonly orderId: string }[], now: number): string[] {
  const ids = due.map(({ orderId }) => orderId);
  const start = (Math.floor(now / MINUTE_MS) * STRIDE) % Math.max(ids.length, 1);
  return [...ids.slice(start), ...ids.slice(0, start)];
}

/** Ends these until `limit` milliseconds are over; answers how many it has. */
async function endAll(ctx: CheckoutContext, ids: readonly string[], limit: number) {
  const started = ctx.now();
  let ended = 0;
  for (let start = 0; start < ids.length; start += READ_AT_ONCE) {
    const orders = await readInOrder(ctx, ids.slice(start, start + READ_AT_ONCE));
    for (let next = 0; next < orders.length; next += AT_ONCE) {
      if (ctx.now() - started > limit) return ended;
      const some = orders.slice(next, next + AT_ONCE);
      const results = await Promise.all(some.map((order) => endCheckout(ctx, order)));
      ended += results.filter(Boolean).length;
    }
  }
  return ended;
}

async function readInOrder(ctx: CheckoutContext, ids: readonly string[]): Promise<StoredOrder[]> {
  const orders = await ctx.db.run(findOrders(ids));
  const byId = new Map(orders.map((order) => [order.id, order]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Answers false, with a note in the log, for one that has to be tried again. */
async function endCheckout(ctx: CheckoutContext, order: StoredOrder): Promise<boolean> {
  try {
    await applySession(ctx, order, await closeSession(ctx, order));
    return true;
  } catch (error) {
    ctx.log.note("warn", "checkout_not_ended", error);
    return false;
  }
}
