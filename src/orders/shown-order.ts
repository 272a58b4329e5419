import type { Order } from "./order.ts";
import { type Units, unitsOf } from "./order-units.ts";
import { presentOrder } from "./present-order.ts";
import type { StoredOrder } from "./store.ts";

/** An order as pages show it: what the API says of it, and what has become of its units. */
export interface ShownOrder extends Order {
  readonly units: readonly Units[];
}

export function showOrder(row: StoredOrder): ShownOrder {
  return { ...presentOrder(row), units: unitsOf(row) };
}

/** Whether nothing had to be paid for it. */
export function isFree({ total, payments, refunds }: Order): boolean {
  return (
    total.amount === 0 &&
    payments.length === 0 &&
    refunds.every(({ amount }) => amount.amount === 0)
  );
}

/** Whether there is a parcel to send. */
export function needParcel(lines: readonly { readonly requiresShipping: boolean }[]): boolean {
  return lines.some(({ requiresShipping }) => requiresShipping);
}
