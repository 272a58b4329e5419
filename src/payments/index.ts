export { PaymentRefused, PaymentUnavailable } from "./errors.ts";
export type { PaymentGateway } from "./gateway.ts";
export type { HistoryPage, HistoryWindow, ListedEvent, Movement } from "./history.ts";
export type { ProviderDispute, ProviderRefund, RefundState } from "./money-back.ts";
export type { Mark, PaymentNews } from "./news.ts";
export type {
  Breakdown,
  PaymentOrigin,
  PaymentSession,
  SessionRequest,
} from "./payment-session.ts";
export { createPaymentGateway } from "./providers.ts";
