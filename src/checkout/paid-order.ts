import { type OrderRow, paymentsOf, type StoredPayment } from "../orders/index.ts";

/** An order with the payment that brought its money. */
export interface PaidOrder {
  readonly order: OrderRow;
  readonly payment: StoredPayment;
}

/** The order with the payment of this PaymentIntent; undefined when that has not brought its money. */
export function paidWith(
  order: OrderRow | undefined,
  paymentIntentId: string,
): PaidOrder | undefined {
  if (order === undefined) return undefined;
  const payment = paymentsOf(order).find(
    (one) => one.paymentIntentId === paymentIntentId && one.status === "succeeded",
  );
  return payment === undefined ? undefined : { order, payment };
}
