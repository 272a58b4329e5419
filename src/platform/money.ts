import * as z from "zod";

/** An amount in the currency's ISO 4217 minor unit: 2500 USD is 25 dollars, 2500 JPY is 2500 yen. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const TWO_DECIMALS =
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU UZS WST XCD XCG YER ZAR ZMW";
const ZERO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const THREE_DECIMALS = "BHD JOD KWD OMR TND";

/**
 * The currencies that Stripe takes, with the number of decimals of their ISO 4217 minor unit.
 * https://docs.stripe.com/currencies#presentment-currencies
 */
export const MINOR_UNIT_DIGITS: ReadonlyMap<string, number> = new Map([
  ...TWO_DECIMALS.split(" ").map((code) => [code, 2] as const),
  ...ZERO_DECIMALS.split(" ").map((code) => [code, 0] as const),
  ...THREE_DECIMALS.split(" ").map((code) => [code, 3] as const),
]);

const currencySchema = z
  .enum([...MINOR_UNIT_DIGITS.keys()], "Must be an ISO 4217 currency code such as USD.")
  .meta({ id: "Currency", description: "ISO 4217 code, in capitals.", example: "USD" });

export const moneySchema = z
  .strictObject({
    amount: z
      .int()
      .min(0)
      .meta({ description: "In the currency's minor unit: 2500 is 25.00 USD, and 2500 JPY." }),
    currency: currencySchema,
  })
  .meta({ id: "Money" });

const ARIARY = 100;

/** How much of our minor unit one of Stripe's is, where it is not ISO 4217's. https://docs.stripe.com/currencies#special-cases, #zero-decimal */
const STRIPE_UNIT: Readonly<Record<string, number>> = { ISK: 0.01, UGX: 0.01, MGA: ARIARY };

/** What one of Stripe's minor units is in ours: theirs times this is ours. */
export function stripeUnit(currency: string): number {
  return STRIPE_UNIT[currency] ?? 1;
}

/** Where a payment is a multiple of more than one minor unit, by currency. https://docs.stripe.com/currencies#special-cases, #three-decimal */
export const CHARGE_STEP: Readonly<Record<string, number>> = {
  ...Object.fromEntries(THREE_DECIMALS.split(" ").map((code) => [code, 10] as const)),
  MGA: ARIARY,
};

/** What every payment in this currency is a multiple of, in its minor unit. */
export function chargeStep(currency: string): number {
  return CHARGE_STEP[currency] ?? 1;
}

/** Whether this very amount can be paid: half an ariary and a thousandth of a dinar cannot. */
export function isChargeable({ amount, currency }: Money): boolean {
  return amount % chargeStep(currency) === 0;
}

/** What to say of an amount that is not chargeable; undefined for one that is. */
export function stepProblem(money: Money): string | undefined {
  if (isChargeable(money)) return undefined;
  return `Must be a multiple of ${chargeStep(money.currency)} in ${money.currency}.`;
}

/** How many digits Stripe takes, in its minor unit. */
const USUAL_MAX_DIGITS = 8;
const MAX_DIGITS: Readonly<Record<string, number>> = { IDR: 12, COP: 10, INR: 9 };

/**
 * The largest amount that can be paid, in the currency's minor unit. Of Stripe's limits it is the one that every way to
 * pay keeps: cards alone may take more. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
export function maxAmount(currency: string): number {
  const limit = 10 ** (MAX_DIGITS[currency] ?? USUAL_MAX_DIGITS) - 1;
  const step = chargeStep(currency);
  return Math.floor((limit * stripeUnit(currency)) / step) * step;
}

/** Refuses, at the field `amount`, what can never be paid: more than Stripe takes, and fractions that it does not take. */
export function refuseUnpayable(money: Money, issues: z.RefinementCtx): void {
  const { currency } = money;
  const max = maxAmount(currency);
  const message =
    money.amount > max ? `Must be at most ${max} in ${currency}.` : stepProblem(money);
  if (message !== undefined) issues.addIssue({ code: "custom", path: ["amount"], message });
}

/** An amount in its currency's own unit, with a point and all of its decimals: 25.00 for 2500 in USD. Exact. */
export function decimalOf({ amount, currency }: Money): string {
  const digits = MINOR_UNIT_DIGITS.get(currency) ?? 2;
  const padded = String(amount).padStart(digits + 1, "0");
  const whole = padded.slice(0, padded.length - digits);
  return digits === 0 ? whole : `${whole}.${padded.slice(-digits)}`;
}

/** The amount in minor units that is written so; undefined for what is none, has more decimals than the currency, or is more than a number can say to the unit. */
export function amountOf(decimal: string, currency: string): number | undefined {
  const digits = MINOR_UNIT_DIGITS.get(currency) ?? 2;
  const [, whole, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  if (whole === undefined || /[1-9]/.test(fraction.slice(digits))) return undefined;
  const amount = Number(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** About 200 KB. */
const MAX_WRITTEN = 2000;
const written = new Map<string, string>();

/** "$25.00", "¥2,500". A shop writes the same prices again and again. */
export function formatMoney(money: Money, locale = "en-US"): string {
  const name = `${locale} ${money.currency} ${money.amount}`;
  const known = written.get(name);
  if (known !== undefined) return known;
  const text = writeMoney(money, locale);
  if (written.size >= MAX_WRITTEN) written.clear();
  written.set(name, text);
  return text;
}

/** Exact, because the decimals are moved as text and never as a fraction. */
function writeMoney({ amount, currency }: Money, locale: string): string {
  const digits = MINOR_UNIT_DIGITS.get(currency) ?? 2;
  const padded = String(Math.abs(amount)).padStart(digits + 1, "0");
  const whole = padded.slice(0, padded.length - digits);
  const fraction = digits === 0 ? "" : `.${padded.slice(padded.length - digits)}`;
  const decimal = Number(`${amount < 0 ? "-" : ""}${whole}${fraction}`);
  return formatOf(locale, currency, digits).format(decimal);
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making one takes longer than all that it formats. There are as many as locales that the shop writes, times currencies. */
function formatOf(locale: string, currency: string, digits: number): Intl.NumberFormat {
  const name = `${locale} ${currency}`;
  const known = formats.get(name);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(name, made);
  return made;
}
