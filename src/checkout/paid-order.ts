import type { StoredOrder, StoredPayment } from "../orders/index.ts";

/** An order with the payment that brought its money. */
export interface PaidOrder {
  readonly order: StoredOrder;
  readonly payment: StoredPayment;
}

/** The order with the payment of this PaymentIntent; undefined when that has not brought its money. */
export function paidWith(
  order: StoredOrder | undefined,
  providerPaymentId: string,
): PaidOrder | undefined {
  if (order === undefined) return undefined;
  const payment = order.payments.find(
    (one) => one.providerPaymentId === providerPaymentId && one.status === "succeeded",
  );
  return payment === undefined ? undefined : { order, payment };
}
