import { dueClaimed } from "../inventory/index.ts";
import { findOrders, type OrderRow } from "../orders/index.ts";
import { applyPage } from "./apply-page.ts";
import { closePage } from "./close-page.ts";
import type { CheckoutContext } from "./context.ts";
import { expireOrder } from "./end-order.ts";

const MAX_PER_RUN = 50;
const AT_ONCE = 5;

/**
 * Ends the checkouts whose 15 minutes are over: the payment page is closed at Stripe first, and what was paid in the
 * last second is a sale. While Stripe cannot be asked, the stock stays held.
 */
export async function expireCheckouts(
  ctx: CheckoutContext,
): Promise<{ due: number; left: number }> {
  const due = await ctx.db.run(dueClaimed(ctx.now(), MAX_PER_RUN));
  if (due.length === 0) return { due: 0, left: 0 };
  const orders = await ctx.db.run(findOrders(due.flatMap(({ orderId }) => orderId ?? [])));
  let left = 0;
  for (let start = 0; start < orders.length; start += AT_ONCE) {
    const some = orders.slice(start, start + AT_ONCE);
    const ended = await Promise.allSettled(some.map((order) => endCheckout(ctx, order)));
    for (const result of ended) {
      if (result.status === "fulfilled") continue;
      left += 1;
      ctx.log.note("warn", "checkout_not_ended", result.reason);
    }
  }
  return { due: due.length, left };
}

async function endCheckout(ctx: CheckoutContext, order: OrderRow): Promise<void> {
  const page = await closePage(ctx, order);
  if (page !== null) await applyPage(ctx, order, page);
  else await ctx.db.batch(expireOrder(ctx, order));
}
