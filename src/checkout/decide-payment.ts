import type { OrderRow } from "../orders/index.ts";
import type { PaymentPage } from "../payments/index.ts";

export type Decision =
  | "nothing"
  | "pay"
  | "sell_late"
  | "give_back"
  | "mismatch"
  | "wait"
  | "fail"
  | "fail_late"
  | "expire";

type Order = Pick<OrderRow, "status" | "paymentStatus" | "total" | "currency" | "holdEndsAt">;

/** What a payment page's state means for its order; null when it never had one. Pure: the same always decides the same. */
export function decidePayment(
  order: Order,
  page: Pick<PaymentPage, "state" | "total"> | null,
  now: number,
): Decision {
  const pending = order.status === "pending_payment";
  switch (page?.state) {
    case "open":
      return "nothing";
    case undefined:
    case "expired":
      return pending ? "expire" : "nothing";
    case "failed":
      if (pending) return "fail";
      return order.paymentStatus === "processing" ? "fail_late" : "nothing";
    case "processing":
      if (!pending) return "nothing";
      if (order.paymentStatus === "unpaid") return "wait";
      // No hold is longer than it says. What the bank still sends is late money.
      return order.holdEndsAt <= now ? "expire" : "nothing";
    case "paid":
      return decidePaid(order, page);
  }
}

const UNPAID = ["unpaid", "processing", "failed"];

function decidePaid(order: Order, page: Pick<PaymentPage, "total">): Decision {
  if (!UNPAID.includes(order.paymentStatus)) return "nothing";
  if (page.total.amount !== order.total || page.total.currency !== order.currency)
    return "mismatch";
  if (order.status === "pending_payment") return "pay";
  return order.status === "expired" ? "sell_late" : "give_back";
}
