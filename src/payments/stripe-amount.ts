import type { Money } from "../platform/money.ts";

/** Where Stripe's minor unit is not ISO 4217's: ours times the factor is theirs. https://docs.stripe.com/currencies#special-cases */
const FACTOR: Readonly<Record<string, number>> = { ISK: 100, UGX: 100, MGA: 0.01 };

/** Our amount as Stripe counts it. */
export function toStripe({ amount, currency }: Money): { amount: number; currency: string } {
  return { amount: Math.round(amount * (FACTOR[currency] ?? 1)), currency: currency.toLowerCase() };
}

/** Stripe's amount as we count it. */
export function fromStripe(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  return { amount: Math.round(amount / (FACTOR[code] ?? 1)), currency: code };
}
