import type { Mutant } from "../mutant.ts";

const LATE_CODES = "test/discounts/late-codes.test.ts";
const AT_STRIPE = "test/checkout/crash-at-stripe.test.ts";
const CURRENCIES = "test/checkout/currencies.test.ts";
const DECISIONS = "test/checkout/totals-decision.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const TOTALS = "test/checkout/totals.test.ts";
const WAYS = "test/payments/ways.test.ts";
const UNKNOWN = "test/checkout/expire-unknown.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const RETRY = "(a retried checkout that makes a second order or a second session)";

/** What is asked of Stripe, and how often. */
export const ASKING_STRIPE: readonly Mutant[] = [
  {
    name: "what cannot be charged is rounded on its way to Stripe",
    change: [
      "  if (!isChargeable(money)) {\n    const digits",
      "  if (money.amount < 0) {\n    const digits",
    ],
    dies: CURRENCIES,
    by: "is never rounded on the way to Stripe: what cannot be charged is refused",
  },
  {
    name: "Stripe is asked in the shop's own unit",
    change: ["Math.round(money.amount / stripeUnit(money.currency))", "money.amount"],
    dies: CURRENCIES,
    by: "is charged, booked and written right: ISK",
  },
  {
    name: "Stripe is believed in its own unit",
    change: ["Math.round(amount * stripeUnit(code))", "amount"],
    dies: DECISIONS,
    by: "is read in the shop's minor unit, and its sums add up",
  },
  {
    name: "a coupon is good for more than one payment",
    change: ['duration: "once", max_redemptions: 1,', 'duration: "once",'],
    dies: "test/discounts/checkout.test.ts",
    by: "shows the code's name on the payment page, with one coupon that is good for this order alone",
  },
  {
    name: "a coupon that cannot be made is one",
    change: ['if (!isStripeCode(error, "resource_already_exists")) throw error;', ""],
    dies: LATE_CODES,
    by: "a retry finds it or makes it, and uses the code once",
  },
  {
    name: "a time-out at Stripe is a refusal",
    change: [
      "if (error instanceof Stripe.errors.StripeInvalidRequestError) {",
      "if (error instanceof Stripe.errors.StripeError) {",
    ],
    dies: AT_STRIPE,
    by: RETRY,
  },
  {
    name: "what Stripe refuses is tried for ever",
    change: [
      "if (error instanceof Stripe.errors.StripeInvalidRequestError) {",
      "if (error instanceof RangeError) {",
    ],
    dies: "test/checkout/idempotency.test.ts",
    by: "is refused with Stripe's reason; the order is canceled and its stock free",
  },
  {
    name: "nothing is too little to pay",
    change: ['const tooSmall = error.code === "amount_too_small";', "const tooSmall = false;"],
    dies: "test/discounts/too-little.test.ts",
    by: "is named as what is wrong, and the hold stays for a try without it",
  },
  {
    name: "whatever Stripe refuses is too little to pay",
    change: ['const tooSmall = error.code === "amount_too_small";', "const tooSmall = true;"],
    dies: "test/checkout/refused-by-stripe.test.ts",
    by: "What Stripe refuses does not cost the hold",
  },
  {
    name: "what a key has failed with, it fails with for ever",
    change: ["if (!isSpent(error)) throw error;", "throw error;"],
    dies: AT_STRIPE,
    by: RETRY,
  },
  {
    name: "a key that is at work is left for the next one",
    change: ["return error.statusCode === 400;", "return true;"],
    dies: AT_STRIPE,
    by: "is not left for the next one: what it makes would not be the only one",
  },
  {
    name: "each error of Stripe's spends a key",
    change: [
      '(error.statusCode ?? 0) >= 500 && error.headers?.["idempotent-replayed"] === "true"',
      "(error.statusCode ?? 0) >= 500",
    ],
    dies: AT_STRIPE,
    by: "is the one that is asked under again, until Stripe has kept the error",
  },
  {
    name: "what a spent key has made is made again",
    change: ["if (found !== undefined) return found;", ""],
    in: "make-once",
    dies: AT_STRIPE,
    by: RETRY,
  },
  {
    name: "keys are walked without an end",
    change: ["if (n >= MAX_KEYS) throw error;", ""],
    dies: UNKNOWN,
    by: "ends when Stripe has kept an error under each of its keys",
  },
  {
    name: "a page is over a while before Stripe closes it",
    change: [
      "return now >= expiresAt + CLOCK_SKEW_MS;",
      "return now >= expiresAt - CLOCK_SKEW_MS;",
    ],
    dies: UNKNOWN,
    by: "is asked for again until Stripe has surely closed it",
  },
  {
    name: "a page is looked for by our clock",
    change: ["gte: toSeconds(orderedAt - CLOCK_SKEW_MS)", "gte: toSeconds(orderedAt)"],
    dies: AT_STRIPE,
    by: "is found although Stripe's clock is minutes behind ours",
  },
  {
    name: "a page is looked for on the first page of them",
    change: [
      "if (found !== undefined || !has_more) return { found, sure: true };",
      "return { found, sure: true };",
    ],
    dies: AT_STRIPE,
    by: "is found among more than a page of others",
  },
  {
    name: "pages are looked through without an end",
    change: ["const MAX_LIST_PAGES = 20;", "const MAX_LIST_PAGES = 2000;"],
    dies: UNKNOWN,
    by: "ends behind more paid pages than one look reaches",
  },
  {
    name: "a page that was not found among too many is not there",
    change: [
      'if (!sure) throw new PaymentUnavailable("There are too many sessions to look through.");',
      "",
    ],
    dies: UNKNOWN,
    by: "ends behind more pages than one look reaches, once its own would be over",
  },
  {
    name: "a refund does not say at Stripe which one of ours it is",
    change: [
      "const metadata = { refundId, orderId, [MARK_KEY]: shopId };",
      "const metadata = { orderId, [MARK_KEY]: shopId };",
    ],
    dies: REFUNDS,
    by: "that Stripe broke off after making it is made once all the same",
  },
  {
    name: "a canceled refund is under way",
    change: [
      'status === "failed" || status === "canceled" ? "failed" : "pending"',
      'status === "failed" ? "failed" : "pending"',
    ],
    dies: REFUNDS,
    by: "canceled is failed to the shop",
  },
  {
    name: "refunds of a payment are listed newest first",
    change: ["return found.reverse().map((refund)", "return found.map((refund)"],
    dies: DASHBOARD,
    by: "are booked in the order in which they were made",
  },
  {
    name: "a page does not say whose order it is for",
    change: [
      "    metadata: {\n      ...metadata,\n      orderNumber",
      "    metadata: {\n      orderNumber",
    ],
    dies: WAYS,
    by: "that is declined leaves everything as it was; the next card buys",
  },
  {
    name: "a payment does not say whose order it is for",
    change: ["    payment_intent_data: {\n      metadata,\n", "    payment_intent_data: {\n"],
    dies: "test/checkout/start.test.ts",
    by: "has a payment that says at Stripe which order it is for",
  },
  {
    name: "prices are told without what tax is to them",
    change: ["return tax === null ? {} : { tax_behavior: tax };", "return {};"],
    dies: TOTALS,
    by: "is in the prices where they are with it, and in the order's history",
  },
  {
    name: "nobody works out the tax",
    change: ["...(tax === null ? {} : { automatic_tax: { enabled: true } }),", ""],
    dies: TOTALS,
    by: "comes on top of prices where they are without it",
  },
];
