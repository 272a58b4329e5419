import type { Order } from "./order.ts";

type Refund = Order["refunds"][number];

interface Due {
  readonly sku: string;
  readonly title: string;
  readonly sent: number;
  /** Taken out of the order before they were sent. */
  readonly takenOut: number;
  /** Still to be sent, or handed over. */
  readonly owed: number;
}

/** What of each line has been sent, was taken out, and is still to come. */
export function dueOf({ items, fulfillments, refunds }: Order): Due[] {
  return items.map(({ sku, title, quantity }) => {
    const sent = count(
      fulfillments.flatMap((parcel) => parcel.items),
      sku,
    );
    const gone = refunds.flatMap((refund) =>
      refund.items.filter(({ restock }) => takesOut(refund, restock)),
    );
    // Money for units that were sent takes those out first that were not.
    const owed = Math.max(quantity - sent - count(gone, sku), 0);
    return { sku, title, sent, owed, takenOut: quantity - sent - owed };
  });
}

function takesOut({ status }: Refund, restock: Refund["items"][number]["restock"]): boolean {
  return restock === "cancel" || (restock === "none" && status !== "failed");
}

function count(
  items: readonly { readonly sku: string; readonly quantity: number }[],
  wanted: string,
) {
  return items.filter(({ sku }) => sku === wanted).reduce((sum, { quantity }) => sum + quantity, 0);
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
export function hasParcel({ items }: Order): boolean {
  return items.some(({ requiresShipping }) => requiresShipping);
}
