export { addressSchema } from "./address.ts";
export { changeOrder, changeOrderOnce, reloadOrder } from "./change-order.ts";
export { insertDispute, insertForeignRefund, settleDispute } from "./disputes/store.ts";
export { eachOnce } from "./each-once.ts";
export { insertOrderCreated, insertOrderEvent, ORDER_CHANGED } from "./events/store.ts";
export { getOrder, listOrderEvents, listOrders } from "./get-order.ts";
export {
  type Order,
  type OrderEvent,
  orderSchema,
  type RefundOfOrder,
  refundOfOrderSchema,
} from "./order.ts";
export { lineName } from "./order-line.ts";
export { refundTransitions } from "./order-state.ts";
export { orderStep } from "./order-step.ts";
export { orderGate, orderTokenHeader, orderTokenOf } from "./order-token.ts";
export { isComplete, type Units, unitsOf } from "./order-units.ts";
export type { PaymentTerms } from "./payment-terms.ts";
export { presentOrder } from "./present-order.ts";
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
  type StoredOrder,
  setPaymentPage,
  updateOrder,
  updatePayment,
} from "./store.ts";
export type { StoredDispute, StoredPayment, StoredRefund } from "./stored-order.ts";
