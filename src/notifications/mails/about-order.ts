import type { Order } from "../../orders/index.ts";
import type { Money } from "../../platform/money.ts";
import type { Letter } from "../letter/letter.ts";

/** What every mail about an order is made of. */
export interface AboutOrder {
  readonly order: Order;
  /** Where its buyer reads it, token included. */
  readonly orderUrl: string;
}

/** What a mail says above the way to its order. */
type Said = Pick<Letter, "paragraphs" | "list" | "order" | "sums"> & { readonly heading: string };

/** A letter that leads to its order; its heading is its subject where it has no other. */
export function orderLetter({ orderUrl }: AboutOrder, said: Said, subject = said.heading): Letter {
  return {
    subject,
    ...said,
    action: { url: orderUrl, label: "See your order", inText: "Your order" },
  };
}

export function refundAmount(
  { order }: AboutOrder,
  refundId: string | undefined,
): Money | undefined {
  return order.refunds.find(({ id }) => id === refundId)?.amount;
}
