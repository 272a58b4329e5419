import type { StoredOrder } from "../../orders/index.ts";

/** The payment page that is waiting for the customer; undefined when Stripe has yet to be asked for one. */
export function paymentUrlOf(order: StoredOrder): string | undefined {
  return order.payments.find(({ status }) => status === "pending")?.sessionUrl ?? undefined;
}
