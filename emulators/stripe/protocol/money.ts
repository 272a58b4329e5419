import { type Check, text } from "./checks.ts";
import { invalid } from "./problem.ts";

const ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf";
const THREE_DECIMAL = "bhd jod kwd omr tnd";
const TWO_DECIMAL =
  "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd szl thb tjs top try ttd twd tzs uah uyu uzs wst xcd xcg yer zar zmw";

const SUPPORTED = [TWO_DECIMAL, ZERO_DECIMAL, THREE_DECIMAL].flatMap((names) => names.split(" "));

/** Smallest charge, minor units: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const MINIMUM_CHARGE: Record<string, number> = {
  aed: 200,
  bgn: 100,
  czk: 1500,
  dkk: 250,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  mxn: 1000,
  myr: 200,
  nok: 300,
  pln: 200,
  ron: 200,
  sek: 300,
  thb: 1000,
};
const USUAL_MINIMUM_CHARGE = 50;

/** Largest charge by any payment method, digits of the minor unit: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const MAXIMUM_DIGITS: Record<string, number> = { idr: 12, cop: 10, inr: 9 };
const USUAL_MAXIMUM_DIGITS = 8;

/** Larger than any currency's maximum is no amount at all. */
export const LARGEST_AMOUNT = 999_999_999_999;

/** Two decimals that are always 00: https://docs.stripe.com/currencies#special-cases */
const WITHOUT_FRACTIONS = ["isk", "ugx"];

export function currency(): Check<string> {
  return (value, param) => {
    const raw = text()(value, param);
    const lower = raw.toLowerCase();
    if (!SUPPORTED.includes(lower)) {
      throw invalid(
        `Invalid currency: ${raw}. Stripe currently supports these currencies: ${SUPPORTED.join(", ")}`,
        param,
      );
    }
    return lower;
  };
}

export function minimumCharge(currencyCode: string): number {
  return MINIMUM_CHARGE[currencyCode] ?? USUAL_MINIMUM_CHARGE;
}

export function maximumAmount(currencyCode: string): number {
  return 10 ** (MAXIMUM_DIGITS[currencyCode] ?? USUAL_MAXIMUM_DIGITS) - 1;
}

/** The last digit of three decimals must be 0: https://docs.stripe.com/currencies#three-decimal */
function smallestStep(currencyCode: string): number {
  if (WITHOUT_FRACTIONS.includes(currencyCode)) return 100;
  return decimals(currencyCode) === 3 ? 10 : 1;
}

/** @throws Problem for an amount, in minor units, that the currency cannot be charged in. */
export function refuseUnchargeable(amount: number, currencyCode: string, param: string): void {
  const maximum = maximumAmount(currencyCode);
  const step = smallestStep(currencyCode);
  const rule =
    amount > maximum
      ? `less than or equal to ${maximum}`
      : amount % step !== 0 && `divisible by ${step}`;
  if (rule === false) return;
  throw invalid(
    `This value must be ${rule} in ${currencyCode} (it currently is '${amount}').`,
    param,
    "parameter_invalid_integer",
  );
}

/** Decimal places of Stripe's minor unit, which for a few currencies is not ISO 4217's. */
export function decimals(currencyCode: string): number {
  if (ZERO_DECIMAL.split(" ").includes(currencyCode)) return 0;
  return THREE_DECIMAL.split(" ").includes(currencyCode) ? 3 : 2;
}

/** `1234, "usd"` → `$12.34`. */
export function formatMoney(amount: number, currencyCode: string): string {
  const places = decimals(currencyCode);
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: currencyCode.toUpperCase(),
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(amount / 10 ** places);
}
