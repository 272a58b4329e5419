import type { Mutant } from "../mutant.ts";

const START = "test/checkout/start.test.ts";
const DATABASE = "test/checkout/crash-at-database.test.ts";
const KEYS = "test/checkout/idempotency.test.ts";
const TOO_LITTLE = "test/discounts/too-little.test.ts";
const TOTALS = "test/checkout/totals.test.ts";

/** What a page is asked for, and an order that Stripe refuses. */
export const ASKING_FOR_A_PAGE: readonly Mutant[] = [
  {
    name: "an order that Stripe refuses keeps its stock",
    change: [
      "const cancel = input.reservationId === undefined ? cancelUnpaid : cancelAndKeepHold;",
      "const cancel = cancelAndKeepHold;",
    ],
    dies: KEYS,
    by: "is refused with Stripe's reason; the order is canceled and its stock free",
  },
  {
    name: "a code that leaves too little costs its customer the hold",
    change: [
      "const cancel = input.reservationId === undefined ? cancelUnpaid : cancelAndKeepHold;",
      "const cancel = cancelUnpaid;",
    ],
    dies: TOO_LITTLE,
    by: "is named as what is wrong, and the hold stays for a try without it",
  },
  {
    name: "a code is blamed for goods that are too little",
    change: [
      "const byCode = error.tooSmall && attempt.order.discount > 0;",
      "const byCode = error.tooSmall;",
    ],
    dies: TOO_LITTLE,
    by: "is not what is wrong where the goods alone are too little",
  },
  {
    name: "a refused order that ended by itself is an error of ours",
    change: ["if (refusedBy(changed, ORDER_CHANGED)) return answerEnded(ctx, use);", ""],
    dies: DATABASE,
    by: "refused by Stripe and expired at once is told one of the two, not an error of ours",
  },
  {
    name: "a page lives for half an hour",
    change: [
      "export const SESSION_LIFE_MS = 60 * MINUTE_MS;",
      "export const SESSION_LIFE_MS = 30 * MINUTE_MS;",
    ],
    dies: START,
    by: "has a payment page that is over after an hour by itself, were nobody to close it",
  },
  {
    name: "a discount of nothing is asked for",
    change: ["discountCode === null || order.discount === 0\n", "discountCode === null\n"],
    dies: TOO_LITTLE,
    by: "takes nothing off, and asks Stripe for no coupon of nothing",
  },
  {
    name: "a page takes nothing off",
    change: ["discountCode === null || order.discount === 0\n", "true\n"],
    dies: "test/discounts/checkout.test.ts",
    by: "charges less, at the order, on the payment page and on the card",
  },
  {
    name: "an order keeps the ways of delivery of all currencies",
    change: [
      "WHERE value ->> 'currency' = goods.currency AND goods.ships ORDER BY key",
      "WHERE goods.ships ORDER BY key",
    ],
    dies: TOTALS,
    by: "are offered in the order's currency, and the first is in the total until the customer has chosen",
  },
  {
    name: "an order that brought its address is asked for one",
    change: ["shippingAddress === null ? terms.countries : []", "terms.countries"],
    dies: TOTALS,
    by: "goes to Stripe where the checkout brought one, which then asks for none",
  },
  {
    name: "an order of any size",
    change: ["const MAX_SUBTOTAL = 10 ** 15;", "const MAX_SUBTOTAL = 10 ** 18;"],
    dies: "test/checkout/currencies.test.ts",
    by: "makes no order whose sum has more digits than a number",
  },
  {
    name: "another page replaces the first",
    change: [
      ".where(and(eq(payments.id, p.id), isNull(payments.sessionId))),",
      ".where(eq(payments.id, p.id)),",
    ],
    dies: "test/orders/writes.test.ts",
    by: "stays the first one",
  },
  {
    name: "a checkout is of a hold and of items",
    change: [
      "(reservationId === undefined) !== (items === undefined)",
      "reservationId !== undefined || items !== undefined",
    ],
    dies: START,
    by: "is of a hold or of items, and not of both",
  },
  {
    name: "a customer is led to whatever address",
    change: [".url({ protocol: /^https?$/, error", ".url({ error"],
    in: "opening/",
    dies: START,
    by: "leads its customer to web addresses alone",
  },
];
