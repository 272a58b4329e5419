import * as z from "zod";

/** An amount in the currency's ISO 4217 minor unit: 2500 USD is 25 dollars, 2500 JPY is 2500 yen. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** The largest amount Stripe takes: eight digits. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export const MAX_AMOUNT = 99_999_999;

const TWO_DECIMALS =
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
const ZERO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND";

/** Currency code to the number of decimals of its minor unit. Source: ISO 4217 list one. */
export const MINOR_UNIT_DIGITS: ReadonlyMap<string, number> = new Map([
  ...TWO_DECIMALS.split(" ").map((code) => [code, 2] as const),
  ...ZERO_DECIMALS.split(" ").map((code) => [code, 0] as const),
  ...THREE_DECIMALS.split(" ").map((code) => [code, 3] as const),
]);

const currencySchema = z
  .string()
  .refine((code) => MINOR_UNIT_DIGITS.has(code), "Must be an ISO 4217 currency code such as USD.")
  .meta({ description: "ISO 4217 code, in capitals.", example: "USD" });

export const moneySchema = z
  .strictObject({
    amount: z
      .int()
      .min(0)
      .meta({ description: "In the currency's minor unit: 2500 is 25.00 USD, and 2500 JPY." }),
    currency: currencySchema,
  })
  .meta({ id: "Money" });

/** Where a payment is a multiple of more than one minor unit, by currency. https://docs.stripe.com/currencies#special-cases, #three-decimal */
export const CHARGE_STEP: Readonly<Record<string, number>> = {
  ...Object.fromEntries(THREE_DECIMALS.split(" ").map((code) => [code, 10] as const)),
  MGA: 100,
};

/** Whether this very amount can be paid: half an ariary and a thousandth of a dinar cannot. */
export function isChargeable({ amount, currency }: Money): boolean {
  return amount % (CHARGE_STEP[currency] ?? 1) === 0;
}

/** "$25.00", "¥2,500": exact, because the decimals are moved as text and never as a fraction. */
export function formatMoney({ amount, currency }: Money, locale = "en-US"): string {
  const digits = MINOR_UNIT_DIGITS.get(currency) ?? 2;
  const padded = String(Math.abs(amount)).padStart(digits + 1, "0");
  const whole = padded.slice(0, padded.length - digits);
  const fraction = digits === 0 ? "" : `.${padded.slice(padded.length - digits)}`;
  const decimal = Number(`${amount < 0 ? "-" : ""}${whole}${fraction}`);
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(decimal);
}
