export { executeRefund } from "./execute-refund.ts";
export { expireCheckouts } from "./expire-checkouts.ts";
export { paymentEvents } from "./payment-events.ts";
export { releaseReservation } from "./release-reservation.ts";
export { reportStuckRefund } from "./report-stuck-refund.ts";
export { checkoutRoutes } from "./routes.ts";
export { startCheckout } from "./start-checkout.ts";
export { stripeWebhookRoute } from "./webhook-route.ts";
