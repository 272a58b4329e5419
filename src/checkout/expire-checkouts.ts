import { dueClaimed } from "../inventory/index.ts";
import { findOrders, type OrderRow } from "../orders/index.ts";
import { SECOND_MS } from "../platform/clock.ts";
import { applyPage } from "./apply-page.ts";
import { closePage } from "./close-page.ts";
import type { CheckoutContext } from "./context.ts";

const MAX_PER_RUN = 500;
const READ_AT_ONCE = 50;
/** Cloudflare keeps six connections of an invocation open at a time. */
const AT_ONCE = 5;
/** After this no more are begun: the next run is close. */
const RUN_MS = 40 * SECOND_MS;

/**
 * Ends the checkouts whose 15 minutes are over: the payment page is closed at Stripe first, and what was paid in the
 * last second is a sale. While Stripe cannot be asked, the stock stays held. Those that fail do not keep the ones
 * behind them from their turn.
 */
export async function expireCheckouts(
  ctx: CheckoutContext,
): Promise<{ due: number; ended: number; left: number }> {
  const started = ctx.now();
  const due = await ctx.db.run(dueClaimed(started, MAX_PER_RUN));
  const ids = due.flatMap(({ orderId }) => orderId ?? []);
  let ended = 0;
  for (let start = 0; start < ids.length; start += READ_AT_ONCE) {
    const orders = await ctx.db.run(findOrders(ids.slice(start, start + READ_AT_ONCE)));
    for (let next = 0; next < orders.length; next += AT_ONCE) {
      if (ctx.now() - started > RUN_MS) return { due: due.length, ended, left: due.length - ended };
      const some = orders.slice(next, next + AT_ONCE);
      const results = await Promise.all(some.map((order) => endCheckout(ctx, order)));
      ended += results.filter(Boolean).length;
    }
  }
  return { due: due.length, ended, left: due.length - ended };
}

/** Answers false, with a note in the log, for one that has to be tried again. */
async function endCheckout(ctx: CheckoutContext, order: OrderRow): Promise<boolean> {
  try {
    await applyPage(ctx, order, await closePage(ctx, order));
    return true;
  } catch (error) {
    ctx.log.note("warn", "checkout_not_ended", error);
    return false;
  }
}
