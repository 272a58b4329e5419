import { changeOrder, findOrderWhere, orderStep, type StoredOrder } from "../../orders/index.ts";
import { callToStuckRefund } from "../call-operators.ts";
import type { CheckoutContext } from "../context.ts";
import { joinSteps, NOTHING, type Step, writeStep } from "../step.ts";
import { refundIdToOrder } from "../store.ts";

/** Calls a person to a refund that no retry has brought to Stripe. What became of it there, Stripe has yet to say. */
export async function reportStuckRefund(
  ctx: CheckoutContext,
  input: { readonly refundId: string },
): Promise<void> {
  const [found] = await ctx.db.run(findOrderWhere(refundIdToOrder(input.refundId)));
  if (found === undefined) return;
  await changeOrder(ctx, found, async (order) => {
    const stuck = order.refunds.find(
      ({ id, status }) => id === input.refundId && status === "pending",
    );
    if (stuck === undefined) return;
    await writeStep(ctx, joinSteps(mark(ctx, order, input), callToStuckRefund(ctx, order, stuck)));
  });
}

/** An order that a refund has marked before keeps its mark; somebody is told of this one all the same. */
function mark(
  ctx: CheckoutContext,
  order: StoredOrder,
  stuck: { readonly refundId: string },
): Step {
  if (order.attentionReason === "refund_failed") return NOTHING;
  const { statements } = orderStep(ctx, order, { type: "refund.stuck", ...stuck });
  return { statements, promised: [] };
}
