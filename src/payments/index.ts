export { PaymentRefused } from "./errors.ts";
export {
  createPaymentGateway,
  type PageRequest,
  type PaymentGateway,
  type RefundState,
} from "./gateway.ts";
export type { PaymentPage } from "./payment-page.ts";
