export { changeOrder, changeOrderOnce, reloadOrder } from "./change-order.ts";
export { insertDispute, insertForeignRefund, settleDispute } from "./disputes/store.ts";
export { eachOnce } from "./each-once.ts";
export { insertOrderCreated, insertOrderEvent, ORDER_CHANGED } from "./events/store.ts";
export { getOrder, listOrderEvents, listOrders } from "./get-order.ts";
export {
  addressSchema,
  type Order,
  type OrderEvent,
  orderSchema,
  type RefundOfOrder,
  refundOfOrderSchema,
} from "./order.ts";
export { refundTransitions } from "./order-state.ts";
export { orderStep } from "./order-step.ts";
export { orderGate, orderTokenHeader, orderTokenOf } from "./order-token.ts";
export { isComplete, type Units, unitsOf } from "./order-units.ts";
export { type PaymentTerms, paymentTermsOf } from "./payment-terms.ts";
export {
  addressOf,
  disputesOf,
  fulfillmentsOf,
  linesOf,
  paymentsOf,
  presentOrder,
  refundsOf,
  type StoredPayment,
  type StoredRefund,
} from "./present-order.ts";
export {
  bookRefunds,
  findRefund,
  insertRefund,
  insertRefundLines,
  type RefundLine,
  settleRefund,
} from "./refunds/store.ts";
export { orderRoutes } from "./routes.ts";
export {
  adoptGuestOrders,
  findOrder,
  findOrders,
  findOrderWhere,
  insertOrder,
  insertOrderLines,
  insertPendingPayment,
  ORDER_TOO_LARGE,
  type OrderPatch,
  type OrderRow,
  setPaymentPage,
  updateOrder,
  updatePayment,
} from "./store.ts";
