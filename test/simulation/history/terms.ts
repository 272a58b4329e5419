import type { Random } from "../world/index.ts";

const RATES = JSON.stringify([
  { name: "Standard", amount: 490, currency: "EUR" },
  { name: "Express", amount: 990, currency: "EUR" },
  { name: "Post", amount: 300, currency: "JPY" },
]);

const BANKS = "sepa_debit:14,customer_balance:3";

/** What a shop asks for besides its goods: every other shop ships for nothing and knows no tax. */
export function termsOf(random: Random): {
  readonly variables: Readonly<Record<string, string>>;
  readonly taxPercent: number;
  readonly holdsPerCaller: number;
} {
  const tax = random.chance(0.3) ? random.pick(["exclusive", "inclusive"]) : undefined;
  const taxPercent = random.pick([7.5, 19]) ?? 0;
  // A few, which shoppers run into, or more than they ever have.
  const holdsPerCaller = random.chance(0.4) ? random.between(1, 3) : 20;
  const banks = random.chance(0.8) ? { DELAYED_PAYMENTS: BANKS } : { DELAYED_PAYMENTS: "" };
  return {
    variables: {
      ...banks,
      HOLDS_PER_CALLER: String(holdsPerCaller),
      ...(random.chance(0.5) ? { SHIPPING_RATES: RATES } : {}),
      ...(random.chance(0.3) ? { SHIPPING_COUNTRIES: "DE,AT" } : {}),
      ...(tax === undefined ? {} : { STRIPE_TAX: tax }),
    },
    taxPercent,
    holdsPerCaller,
  };
}
