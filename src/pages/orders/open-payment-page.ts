import { type OrderRow, paymentsOf } from "../../orders/index.ts";

/** The payment page that is waiting for the customer; undefined when Stripe has yet to be asked for one. */
export function openPaymentPage(order: OrderRow): string | undefined {
  return paymentsOf(order).find(({ status }) => status === "pending")?.sessionUrl ?? undefined;
}
