import type { Random } from "../world/index.ts";

const RATES = JSON.stringify([
  { name: "Standard", amount: 490, currency: "EUR" },
  { name: "Express", amount: 990, currency: "EUR" },
  { name: "Post", amount: 300, currency: "JPY" },
]);

/** What a shop asks for besides its goods: every other shop ships for nothing and knows no tax. */
export function termsOf(random: Random): {
  readonly variables: Readonly<Record<string, string>>;
  readonly taxPercent: number;
} {
  const tax = random.chance(0.3) ? random.pick(["exclusive", "inclusive"]) : undefined;
  return {
    variables: {
      ...(random.chance(0.5) ? { SHIPPING_RATES: RATES } : {}),
      ...(random.chance(0.3) ? { SHIPPING_COUNTRIES: "DE,AT" } : {}),
      ...(tax === undefined ? {} : { STRIPE_TAX: tax }),
    },
    taxPercent: random.pick([7.5, 19]) ?? 0,
  };
}
