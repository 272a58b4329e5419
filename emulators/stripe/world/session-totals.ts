import type { SessionRecord, ShippingRate } from "./objects.ts";

/** Where Stripe's default for unspecified behaviour, "inferred by currency", adds taxes on top. */
const EXCLUSIVE_CURRENCIES = ["cad", "usd"];

/** Percentages have at most four decimals, so that taxes are counted in whole numbers. */
const PERCENT_SCALE = 10_000;

/** Makes `rate` the shipping that the payer has chosen; undefined when there is none to choose. */
export function chooseShipping({ session }: SessionRecord, rate: ShippingRate | undefined): void {
  const amount = rate?.fixed_amount?.amount ?? 0;
  session.shipping_cost =
    rate === undefined
      ? null
      : { amount_subtotal: amount, amount_tax: 0, amount_total: amount, shipping_rate: rate.id };
}

export function chosenShipping({ session, shippingRates }: SessionRecord) {
  return shippingRates.find(({ id }) => id === session.shipping_cost?.shipping_rate);
}

/**
 * Counts the totals of an open session anew, in its minor unit.
 * Each line and the shipping are taxed and rounded by themselves, after discounts.
 * `percent` is what Stripe Tax takes where the payer lives; undefined while that is not known.
 */
export function countTotals(record: SessionRecord, percent: number | undefined): void {
  const { session, lineItems } = record;
  const rate = session.automatic_tax.enabled ? (percent ?? 0) : 0;
  const currency = session.currency ?? "usd";
  for (const item of lineItems) {
    const net = item.amount_subtotal - item.amount_discount;
    const behavior = item.price.tax_behavior ?? "unspecified";
    Object.assign(item, taxed(net, rate, { behavior, currency }));
  }
  const shipping = session.shipping_cost;
  if (shipping !== null) {
    const behavior = chosenShipping(record)?.tax_behavior ?? "unspecified";
    Object.assign(shipping, taxed(shipping.amount_subtotal, rate, { behavior, currency }));
  }
  const parts = [...lineItems, ...(shipping === null ? [] : [shipping])];
  session.amount_total = sum(parts.map((part) => part.amount_total));
  session.total_details = {
    amount_discount: sum(lineItems.map((item) => item.amount_discount)),
    amount_shipping: shipping?.amount_subtotal ?? 0,
    amount_tax: sum(parts.map((part) => part.amount_tax)),
  };
  session.payment_status = session.amount_total === 0 ? "no_payment_required" : "unpaid";
  if (session.automatic_tax.enabled && percent !== undefined) {
    session.automatic_tax.status = "complete";
  }
}

/** A copy of an open session with the totals that it will have once the payer is known. */
export function quoted(record: SessionRecord, percent: number): SessionRecord {
  const copy = structuredClone(record);
  countTotals(copy, percent);
  return copy;
}

function taxed(
  amount: number,
  percent: number,
  { behavior, currency }: { behavior: string; currency: string },
): { amount_tax: number; amount_total: number } {
  const inferred = EXCLUSIVE_CURRENCIES.includes(currency) ? "exclusive" : "inclusive";
  const exclusive = (behavior === "unspecified" ? inferred : behavior) === "exclusive";
  const scaled = Math.round(percent * PERCENT_SCALE);
  const whole = 100 * PERCENT_SCALE + (exclusive ? 0 : scaled);
  const tax = Math.round((amount * scaled) / whole);
  return { amount_tax: tax, amount_total: exclusive ? amount + tax : amount };
}

function sum(numbers: number[]): number {
  return numbers.reduce((left, right) => left + right, 0);
}
