import type { Mutant } from "../mutant.ts";

const WITHOUT_PARCEL = "test/checkout/without-parcel.test.ts";
const PAYMENTS_DELAYED = "test/payments/delayed.test.ts";

/** Ways to pay that take days, and orders that need no parcel. */
export const DELAYED: readonly Mutant[] = [
  {
    name: "what needs no parcel costs a delivery",
    change: ["AND goods.ships ORDER BY key", "ORDER BY key"],
    dies: WITHOUT_PARCEL,
    by: "costs no delivery, asks for no address at Stripe",
  },
  {
    name: "what needs no parcel is asked for an address at Stripe",
    change: ["json(iif(ships, ", "json(iif(1, "],
    dies: WITHOUT_PARCEL,
    by: "needs no address either where nothing is to be paid",
  },
  {
    name: "the form asks for an address that nothing goes to",
    change: ["const ships = shipsSomething(hold);", "const ships = true || shipsSomething(hold);"],
    dies: WITHOUT_PARCEL,
    by: "has a form that asks for an email alone",
  },
  {
    name: "ways to pay that take days are offered",
    change: [
      "DELAYED_METHODS.filter((method) => !allowed.includes(method))",
      `DELAYED_METHODS.filter((method) => method === "sofort" && !allowed.includes(method))`,
    ],
    dies: PAYMENTS_DELAYED,
    by: "are not offered unless the shop says so",
  },
  {
    name: "a bank that nobody asked for makes a hold longer",
    change: ["?.days ?? 0;", "?.days ?? 14;"],
    dies: PAYMENTS_DELAYED,
    by: "makes no hold longer than its 15 minutes",
  },
  {
    name: "goods wait for every bank as long",
    change: [
      "paymentTerms.delayed.find((one) => one.method === method)?.days ?? 0;",
      "14 + 0 * paymentTerms.delayed.length + (method === null ? 0 : 0);",
    ],
    dies: PAYMENTS_DELAYED,
    by: "hold stock for the 3 days",
  },
];
