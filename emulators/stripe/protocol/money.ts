import { type Check, text } from "./checks.ts";
import { invalid } from "./problem.ts";

const ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf";
const THREE_DECIMAL = "bhd jod kwd omr tnd";
const TWO_DECIMAL =
  "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah uyu uzs wst xcd yer zar zmw";

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

/** Largest amount, minor units: eight digits. */
export const MAXIMUM_AMOUNT = 99_999_999;

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
