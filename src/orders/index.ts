export { lineName } from "../catalog/index.ts";
export { type Address, collectedAddress, newAddressSchema } from "./address.ts";
export { adoptVerifiedOrders } from "./adopt-orders.ts";
export { changeHold } from "./change-hold.ts";
export { changeOrder, changeOrderOnce, reloadOrder } from "./change-order.ts";
export { eachOnce } from "./each-once.ts";
export { ORDER_CHANGED } from "./events/store.ts";
export { listOrderEvents, readStoredOrder } from "./get-order.ts";
export { listOrders, listStoredOrders } from "./listing/list-orders.ts";
export { orderFilterSchema } from "./listing/order-filter.ts";
export {
  browserHashOf,
  findHoldAndOrder,
  type HoldAccess,
  isHolder,
  openHold,
  readHold,
} from "./open-hold.ts";
export {
  type Order,
  type OrderEvent,
  orderSchema,
  type RefundOfOrder,
  refundOfOrderSchema,
} from "./order.ts";
export { refundTransitions } from "./order-state.ts";
export {
  type OrderSum,
  OrderTable,
  type OrderTableLook,
  orderTableText,
  sumsOf,
  sumWords,
} from "./order-table.tsx";
export { orderGate, orderTokenHeader, orderTokenOf } from "./order-token.ts";
export {
  checkItems,
  isComplete,
  refundLine,
  takenOut,
  type Units,
  unitsOf,
} from "./order-units.ts";
export { type PaymentTerms, paymentTermsSchema } from "./payment-terms.ts";
export { ORDER_TOO_LARGE, raiseOrderNumbers } from "./placing/store.ts";
export { presentOrder } from "./present-order.ts";
export { findReceipt, readReceipt } from "./receipts/read-receipt.ts";
export {
  formatDay,
  includedTaxSums,
  type Paid,
  presentPaid,
} from "./receipts/receipt.ts";
export { BANK_WORDS, NOTHING_TO_DO } from "./refunds/bank-words.ts";
export type { RefundReason, ReturnReason } from "./refunds/reasons.ts";
export {
  presentRefundLine,
  type RefundLine,
  restockSchema,
} from "./refunds/refund-line.ts";
export { findRefund, type NewRefund } from "./refunds/store.ts";
export { orderRoutes } from "./routes.ts";
export { indexOrder, orderIndex, promiseFound } from "./search/index-order.ts";
export { isFree, needParcel, type ShownOrder, showOrder } from "./shown-order.ts";
export { type AttentionMark, type AttentionReason, marked } from "./steps/attention.ts";
export { type MoneyBackNews, moneyBackSteps } from "./steps/money-back-steps.ts";
export { newOrder } from "./steps/new-order.ts";
export { orderStep, type Stepped } from "./steps/order-step.ts";
export type { OrderStep } from "./steps/order-steps.ts";
export { type OrderAsItWas, restoredOrder } from "./steps/restored-order.ts";
export {
  findOrder,
  findOrders,
  findOrderWhere,
  markStopping,
  type StoredOrder,
  setPaymentSession,
} from "./store.ts";
export type { StoredDispute, StoredPayment, StoredRefund } from "./stored-order.ts";
