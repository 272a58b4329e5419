import type { Mutant } from "../mutant.ts";

const CHECKOUT_REFUSED_BY_STRIPE = "test/checkout/refused-by-stripe.test.ts";
const ADDRESSES = "test/checkout/addresses.test.ts";

/** What Stripe refuses, and the addresses that it would refuse. */
export const REFUSED_BY_STRIPE: readonly Mutant[] = [
  {
    name: "nobody is told what Stripe did not like",
    change: ["...(about === undefined ? {} : { [about]: reason }),", ""],
    dies: CHECKOUT_REFUSED_BY_STRIPE,
    by: "the field is named, and the unit stays with whoever holds it",
  },
  {
    name: "the country of a parcel is blamed on the whole address",
    change: ['  ["shipping[address][country]", "shippingAddress.country"],\n', ""],
    dies: CHECKOUT_REFUSED_BY_STRIPE,
    by: "the field is named, and the unit stays with whoever holds it",
  },
  {
    name: "what Stripe names of the delivery is named by nothing",
    change: ['  ["shipping", "shippingAddress"],\n', ""],
    dies: CHECKOUT_REFUSED_BY_STRIPE,
    by: "the field is named, and the unit stays with whoever holds it",
  },
  {
    name: "what Stripe names of a payment's delivery is named by nothing",
    change: ['param?.replace(/^payment_intent_data\\[shipping\\]/, "shipping")', "param"],
    dies: CHECKOUT_REFUSED_BY_STRIPE,
    by: "the field is named, and the unit stays with whoever holds it",
  },
  {
    name: "what Stripe names of a customer's address is named by nothing",
    change: ['  ["email", "email"],\n', ""],
    dies: CHECKOUT_REFUSED_BY_STRIPE,
    by: "of the customer who is taxed where it goes, too",
  },
  {
    name: "a name that is longer than Stripe takes",
    change: [".length > MAX_LINE_CHARS) {", ".length > 10 * MAX_LINE_CHARS) {"],
    dies: CHECKOUT_REFUSED_BY_STRIPE,
    by: "a name that is longer than Stripe's line of 250 characters, with the variant's",
  },
  {
    name: "a checkout to where the shop does not deliver",
    change: ["if (countries.includes(shippingAddress.country)) return;", "return;"],
    dies: ADDRESSES,
    by: "where the shop does not deliver is refused at its field, and the hold stays",
  },
  {
    name: "an address in no country",
    change: [`.enum(codes, "Must be an ISO`, `.string("Must be an ISO`],
    dies: ADDRESSES,
    by: "which is no country, is refused",
  },
  {
    name: "an empty second line is one",
    change: [".transform((text) => text || undefined)", ".transform((text) => text)"],
    dies: ADDRESSES,
    by: "with an empty second line or region is one without, and costs nobody their hold",
  },
];
