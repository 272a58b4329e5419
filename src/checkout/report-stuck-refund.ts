import { changeOrder, findOrderWhere, orderStep, refundsOf } from "../orders/index.ts";
import type { CheckoutContext } from "./context.ts";
import { marked } from "./refund-attention.ts";
import { refundIdToOrder } from "./store.ts";

/** Calls a person to a refund that no retry has brought to Stripe. What became of it there, Stripe has yet to say. */
export async function reportStuckRefund(
  ctx: CheckoutContext,
  input: { readonly refundId: string },
): Promise<void> {
  const [found] = await ctx.db.run(findOrderWhere(refundIdToOrder(input.refundId)));
  if (found === undefined) return;
  await changeOrder(ctx, found, async (order) => {
    const pending = refundsOf(order).some(
      ({ id, status }) => id === input.refundId && status === "pending",
    );
    if (order.attentionReason === "refund_failed" || !pending) return;
    const attention = marked("refund_failed", ctx.now());
    await ctx.db.batch(orderStep(ctx, order, "refund.stuck", attention, input));
  });
}
