import { ConfigError } from "../../platform/config.ts";

/**
 * The methods with which a customer is done days before the money is there: bank debits, bank transfers and vouchers.
 * https://docs.stripe.com/payments/payment-methods#payment-notification
 */
const DELAYED_METHODS = [
  "acss_debit",
  "au_becs_debit",
  "bacs_debit",
  "boleto",
  "customer_balance",
  "konbini",
  "multibanco",
  "nz_bank_account",
  "oxxo",
  "sepa_debit",
  "sofort",
  "us_bank_account",
] as const;

/** The delayed methods that a payment page must not offer: all but these. */
export function excludedMethods(allowed: readonly string[]) {
  return DELAYED_METHODS.filter((method) => !allowed.includes(method));
}

/** Throws `ConfigError` for a name that would allow nothing. */
export function requireDelayed(methods: readonly string[]): void {
  const known: readonly string[] = DELAYED_METHODS;
  const wrong = methods.find((method) => !known.includes(method));
  if (wrong === undefined) return;
  throw new ConfigError(
    `The configuration is not usable: DELAYED_PAYMENTS names ${wrong}, and Stripe's delayed methods are ${known.join(", ")}.`,
  );
}
