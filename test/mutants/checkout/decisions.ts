import type { Mutant } from "../mutant.ts";

const CANCEL_BANK = "test/checkout/cancel-bank.test.ts";
const DECISIONS = "test/checkout/totals-decision.test.ts";
const MISMATCH = "is a mismatch when any one of its numbers is another";
const WAYS = "test/payments/ways.test.ts";

/** What a payment session means for its order. */
export const DECISIONS_ON_PAYMENTS: readonly Mutant[] = [
  {
    name: "a page that is open ends its order",
    change: ['case "open":\n      return "nothing";', 'case "open":\n      return "expire";'],
    dies: DECISIONS,
    by: "that is open, over or under way is not judged by its sums",
  },
  {
    name: "an order that is over ends again with its page",
    change: [
      'if (!pending) return "nothing";\n      return order.stopping',
      "return order.stopping",
    ],
    dies: "test/checkout/expire.test.ts",
    by: "is caught up with after a day without a sweep, and ended once by three at a time",
  },
  {
    name: "an order without a page waits for ever",
    change: [
      '    case undefined:\n    case "expired":',
      '    case undefined:\n      return "nothing";\n    case "expired":',
    ],
    dies: "test/checkout/expire-unknown.test.ts",
    by: "ends by one question when Stripe has been away until it opens none so late",
  },
  {
    name: "an order whose bank says no keeps its stock",
    change: ['if (pending) return "fail";', ""],
    dies: WAYS,
    by: "that fails after days gives the stock back",
  },
  {
    name: "a bank that says no to a canceled order is not heard",
    change: ['order.paymentStatus === "processing" ? "fail_late" : "nothing"', '"nothing"'],
    dies: CANCEL_BANK,
    by: "is canceled, and a bank that says no after all leaves it so",
  },
  {
    name: "a bank says no twice",
    change: ['order.paymentStatus === "processing" ? "fail_late" : "nothing"', '"fail_late"'],
    dies: DECISIONS,
    by: "whose bank says no again changes nothing",
  },
  {
    name: "an order that is over waits for a bank",
    change: [
      'if (!pending) return "nothing";\n      if (order.paymentStatus === "unpaid")',
      `if (order.paymentStatus === "unpaid")`,
    ],
    dies: DECISIONS,
    by: "that a bank works on changes nothing of an order that is over",
  },
  {
    name: "each word from a bank begins its fourteen days again",
    change: ['if (order.paymentStatus === "unpaid") return "wait";', 'return "wait";'],
    dies: WAYS,
    by: "whose bank never answers holds the stock for 14 days and no longer",
  },
  {
    name: "stock waits for a bank for ever",
    change: ['order.holdEndsAt <= now ? "expire" : "nothing"', '"nothing"'],
    dies: WAYS,
    by: "whose bank never answers holds the stock for 14 days and no longer",
  },
  {
    name: "a hold at a bank outlives its end by a moment",
    change: ['order.holdEndsAt <= now ? "expire"', 'order.holdEndsAt < now ? "expire"'],
    dies: WAYS,
    by: "whose bank never answers holds the stock for 14 days and no longer",
  },
  {
    name: "money that is booked is booked again",
    change: ['if (!UNPAID.includes(order.paymentStatus)) return "nothing";', ""],
    dies: DECISIONS,
    by: "changes nothing once its order is paid, and gives the money of a canceled one back",
  },
  {
    name: "late money of a bank that had said no is no money",
    change: ['["unpaid", "processing", "failed"]', '["unpaid", "processing"]'],
    in: "settling/",
    dies: DECISIONS,
    by: "pays its order whichever way of delivery was chosen, whatever tax was added or found",
  },
  {
    name: "any payment buys",
    change: ['if (!isAsAsked(order, session)) return "mismatch";', ""],
    dies: "test/payments/refunds.test.ts",
    by: "(less) buys nothing, calls a person and goes back whole",
  },
  {
    name: "money for a canceled order is a late sale",
    change: ['return order.status === "expired" ? "sell_late" : "give_back"', 'return "sell_late"'],
    dies: "test/payments/late-money.test.ts",
    by: "goes back although the stock is there, and the order stays canceled",
  },
  {
    name: "late money always goes back",
    change: ['return order.status === "expired" ? "sell_late" : "give_back"', 'return "give_back"'],
    dies: "test/payments/late-money.test.ts",
    by: "is a sale when the stock is still there",
  },
  ...(
    [
      ["the amount that was received", "total.amount === asked.total &&"],
      ["the currency that was received", "total.currency === order.currency &&"],
      ["the currency that was asked for", "asked.currency === order.currency &&"],
    ] as const
  ).map(([what, check]) => ({
    name: `nobody looks at ${what}`,
    change: [`    ${check}\n`, ""] as const,
    dies: DECISIONS,
    by: MISMATCH,
  })),
  {
    name: "a page may ask for other sums than the order",
    change: [
      "    asked.subtotal === order.subtotal &&\n    asked.discount === order.discount &&\n",
      "",
    ],
    dies: DECISIONS,
    by: "is a mismatch when its parts are others, unless tax is in the prices",
  },
  {
    name: "a page may deliver for any price",
    change: ["    offered.includes(asked.shipping) &&\n", ""],
    dies: DECISIONS,
    by: "is a mismatch for a way of delivery that was not offered",
  },
  {
    name: "an order without ways of delivery asks for one",
    change: ["rates.length === 0 ? [0] : rates", "rates.length === 0 ? [] : rates"],
    dies: DECISIONS,
    by: "of an order made before orders had terms is asked for the goods alone",
  },
  {
    name: "tax in the prices is counted on top of them",
    change: ['if (order.paymentTerms.tax !== "inclusive") return asked;', "return asked;"],
    dies: DECISIONS,
    by: "with tax in the prices is judged by its total, however Stripe splits it",
  },
  {
    name: "a tax of less than nothing",
    change: ["return added >= 0 && added === asked.tax;", "return added === asked.tax;"],
    dies: DECISIONS,
    by: "is a mismatch for a negative tax",
  },
  {
    name: "a total that its tax does not explain",
    change: ["return added >= 0 && added === asked.tax;", "return added >= 0;"],
    dies: DECISIONS,
    by: "is a mismatch for a total that its tax does not explain",
  },
  {
    name: "a total that nothing explains",
    change: ["return added === 0 && (mode", "return (mode"],
    dies: DECISIONS,
    by: "is a mismatch for a total that nothing explains",
  },
  {
    name: "prices have a tax of less than nothing in",
    change: [
      'mode === "inclusive" ? asked.tax >= 0 : asked.tax === 0',
      'mode === "inclusive" || asked.tax === 0',
    ],
    dies: DECISIONS,
    by: "is a mismatch for a negative tax in the prices",
  },
  {
    name: "a tax that nobody asked for",
    change: ['mode === "inclusive" ? asked.tax >= 0 : asked.tax === 0', "asked.tax >= 0"],
    dies: DECISIONS,
    by: "is a mismatch for included tax where none is asked for",
  },
];
