import { isChargeable, MINOR_UNIT_DIGITS, type Money, stripeUnit } from "../../platform/money.ts";
import { PaymentRefused } from "../errors.ts";

const DECIMALS_OF_A_PAYMENT = 2;

/** Our amount as Stripe counts it. Throws `PaymentRefused` for one that Stripe does not take, such as half an ariary. */
export function toStripe(money: Money): { amount: number; currency: string } {
  const currency = money.currency.toLowerCase();
  const amount = Math.round(money.amount / stripeUnit(money.currency));
  if (!isChargeable(money)) {
    const digits = MINOR_UNIT_DIGITS.get(money.currency) ?? 0;
    const has = digits > DECIMALS_OF_A_PAYMENT ? "only two decimals" : "no fractions";
    throw new PaymentRefused(`${money.currency} has ${has} in a payment.`);
  }
  return { amount, currency };
}

/** Stripe's amount as we count it. */
export function fromStripe(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  return { amount: Math.round(amount * stripeUnit(code)), currency: code };
}
