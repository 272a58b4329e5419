import type { PaymentTerms, StoredOrder } from "../../orders/index.ts";
import type { Breakdown, PaymentSession } from "../../payments/index.ts";

export type Decision =
  | "nothing"
  | "pay"
  | "sell_late"
  | "give_back"
  | "mismatch"
  | "call_off"
  | "wait"
  | "fail"
  | "fail_late"
  | "cancel"
  | "expire";

type Order = Pick<
  StoredOrder,
  | "status"
  | "paymentStatus"
  | "subtotal"
  | "discount"
  | "currency"
  | "paymentTerms"
  | "holdEndsAt"
  | "stopping"
  | "forgottenAt"
>;
type Paid = Pick<PaymentSession, "total" | "asked">;

/** What a payment session's state means for its order; null when it never had one. Pure: the same always decides the same. */
export function decidePayment(
  order: Order,
  session: (Paid & Pick<PaymentSession, "state">) | null,
  now: number,
): Decision {
  const pending = order.status === "pending_payment";
  switch (session?.state) {
    case "open":
      return "nothing";
    case undefined:
    case "expired":
      if (!pending) return "nothing";
      return order.stopping === null ? "expire" : "cancel";
    case "failed":
      if (pending) return "fail";
      return order.paymentStatus === "processing" ? "fail_late" : "nothing";
    case "processing":
      if (!pending) return "nothing";
      if (order.paymentStatus === "unpaid") return "wait";
      // No hold is longer than it says. What the bank still sends is late money.
      return order.holdEndsAt <= now ? "expire" : "nothing";
    case "paid":
      return decidePaid(order, session);
  }
}

const UNPAID = ["unpaid", "processing", "failed"];

function decidePaid(order: Order, session: Paid): Decision {
  if (!UNPAID.includes(order.paymentStatus)) return "nothing";
  if (!isAsAsked(order, session)) return "mismatch";
  const pending = order.status === "pending_payment";
  // Nobody knows any more where the goods of somebody who was forgotten would go.
  if (order.forgottenAt !== null) return pending ? "call_off" : "give_back";
  if (pending) return "pay";
  return order.status === "expired" ? "sell_late" : "give_back";
}

/** Whether all was received that the session asked for, and the session asked for what the order says, with a way of delivery that it offered. */
function isAsAsked(order: Order, session: Paid): boolean {
  const { rates, tax } = order.paymentTerms;
  const { total } = session;
  const asked = askedOf(order, session);
  const offered = rates.length === 0 ? [0] : rates.map(({ amount }) => amount);
  return (
    total.amount === asked.total &&
    total.currency === order.currency &&
    asked.currency === order.currency &&
    asked.subtotal === order.subtotal &&
    asked.discount === order.discount &&
    offered.includes(asked.shipping) &&
    isTaxedAsAsked(asked, tax)
  );
}

/**
 * What the session asked for, as the order counts it. Where tax is in the prices, only the total is sure to have it in:
 * what the goods leave of it is the delivery.
 */
export function askedOf(order: Order, { asked }: Pick<Paid, "asked">): Breakdown {
  if (order.paymentTerms.tax !== "inclusive") return asked;
  const { subtotal, discount } = order;
  return { ...asked, subtotal, discount, shipping: asked.total - (subtotal - discount) };
}

function isTaxedAsAsked(asked: Breakdown, mode: PaymentTerms["tax"]): boolean {
  const added = addedTax(asked);
  if (mode === "exclusive") return added >= 0 && added === asked.tax;
  return added === 0 && (mode === "inclusive" ? asked.tax >= 0 : asked.tax === 0);
}

/** The tax on top of prices: what makes the total add up. */
export function addedTax({ subtotal, discount, shipping, total }: Breakdown): number {
  return total - (subtotal - discount + shipping);
}
