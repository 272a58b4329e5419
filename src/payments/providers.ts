import type { Config } from "../platform/config.ts";
import type { PaymentGateway } from "./gateway.ts";
import { createStripeGateway } from "./stripe/gateway.ts";

/** Whoever the shop has chosen to take its payments. */
export function createPaymentGateway(config: Config): PaymentGateway {
  return createStripeGateway(config.stripe, config.shopId);
}
