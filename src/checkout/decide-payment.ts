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
  | "expire";

/** What a payment page's state means for its order. Pure: the same two always decide the same. */
export function decidePayment(
  order: Pick<OrderRow, "status" | "paymentStatus" | "total" | "currency">,
  page: Pick<PaymentPage, "state" | "total">,
): Decision {
  const pending = order.status === "pending_payment";
  switch (page.state) {
    case "open":
      return "nothing";
    case "expired":
      return pending ? "expire" : "nothing";
    case "failed":
      return pending ? "fail" : "nothing";
    case "processing":
      return pending && order.paymentStatus === "unpaid" ? "wait" : "nothing";
    case "paid":
      return decidePaid(order, page);
  }
}

const UNPAID = ["unpaid", "processing", "failed"];

function decidePaid(
  order: Pick<OrderRow, "status" | "paymentStatus" | "total" | "currency">,
  page: Pick<PaymentPage, "total">,
): Decision {
  if (!UNPAID.includes(order.paymentStatus)) return "nothing";
  if (page.total.amount !== order.total || page.total.currency !== order.currency)
    return "mismatch";
  if (order.status === "pending_payment") return "pay";
  return order.status === "expired" ? "sell_late" : "give_back";
}
