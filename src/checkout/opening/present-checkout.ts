import { orderTokenOf, type StoredOrder } from "../../orders/index.ts";
import { toTimestamp } from "../../platform/clock.ts";
import type { CheckoutContext } from "../context.ts";
import type { Checkout } from "./checkout.ts";

/** What whoever checks out is told; without a payment page, that nothing is to pay. */
export async function presentCheckout(
  ctx: CheckoutContext,
  order: StoredOrder,
  paymentUrl: string | null,
): Promise<Checkout> {
  return {
    orderId: order.id,
    orderNumber: order.number,
    ...(order.accountId === null ? { orderToken: await orderTokenOf(ctx, order.id) } : {}),
    status: paymentUrl === null ? "paid" : "pending_payment",
    paymentUrl,
    expiresAt: toTimestamp(order.holdEndsAt),
    total: { amount: order.total, currency: order.currency },
  };
}
