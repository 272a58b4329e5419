import { findOrderWhere, orderStep, refundsOf } from "../orders/index.ts";
import type { CheckoutContext } from "./context.ts";
import { refundIdToOrder } from "./store.ts";

/** Calls a person to a refund that no retry has brought to Stripe. What became of it there, Stripe has yet to say. */
export async function reportStuckRefund(
  ctx: CheckoutContext,
  input: { readonly refundId: string },
): Promise<void> {
  const [order] = await ctx.db.run(findOrderWhere(refundIdToOrder(input.refundId)));
  if (order === undefined || order.attentionReason === "refund_failed") return;
  const pending = refundsOf(order).some(
    ({ id, status }) => id === input.refundId && status === "pending",
  );
  if (!pending) return;
  const attention = { attentionReason: "refund_failed", attentionSince: ctx.now() };
  await ctx.db.batch(orderStep(ctx, order, "refund.stuck", attention, input));
}
