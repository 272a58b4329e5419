export { changeOrder } from "./change-order.ts";
export { getOrder, listOrderEvents, listOrders } from "./get-order.ts";
export { addressSchema, type Order, type OrderEvent } from "./order.ts";
export { refundTransitions } from "./order-state.ts";
export { orderTokenOf } from "./order-token.ts";
export {
  disputesOf,
  fulfillmentsOf,
  linesOf,
  paymentsOf,
  presentOrder,
  refundsOf,
} from "./present-order.ts";
export { orderRoutes } from "./routes.ts";
export {
  adoptGuestOrders,
  bookRefunds,
  findOrder,
  findOrders,
  findOrderWhere,
  findRefund,
  insertOrder,
  insertOrderEvent,
  insertOrderLines,
  insertPendingPayment,
  insertRefund,
  ORDER_CHANGED,
  type OrderPatch,
  type OrderRow,
  setPaymentPage,
  settleRefund,
  updateOrder,
  updatePayment,
} from "./store.ts";
