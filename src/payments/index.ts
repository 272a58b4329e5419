export type { DisputeAtStripe } from "./disputes.ts";
export { PaymentRefused, PaymentUnavailable } from "./errors.ts";
export {
  createPaymentGateway,
  type PaymentGateway,
} from "./gateway.ts";
export type { HistoryPage, HistoryWindow, ListedEvent } from "./history.ts";
export type { PaymentOrigin } from "./payment-origin.ts";
export type { Breakdown, PaymentPage } from "./payment-page.ts";
export type { RefundAtStripe, RefundState } from "./refunds.ts";
export type { PageRequest } from "./session-params.ts";
export { isPageOver } from "./session-search.ts";
export { paymentIntentSchema } from "./verify-event.ts";
