import type { Config } from "../platform/config.ts";
import type { PaymentGateway } from "./gateway.ts";
import { requireDelayed } from "./stripe/delayed-methods.ts";
import { createStripeGateway } from "./stripe/gateway.ts";

/** Whoever the shop has chosen to take its payments. Throws `ConfigError` for a way to pay that it does not know. */
export function createPaymentGateway(config: Config): PaymentGateway {
  requireDelayed(config.terms.delayed.map(({ method }) => method));
  return createStripeGateway(config.stripe, config.shopId);
}
