import type { Mutant } from "../mutant.ts";

const API = "test/payments/refund-api.test.ts";
const RETRIES = "test/payments/refund-retries.test.ts";
const PARTLY = "test/orders/partly-sent.test.ts";
const MORE = "for more than is left, saying how much is";
const ITEMS = "for items that are not in the order, stand there twice, or are refunded already";
const STATES = "while the order is not paid, is not there, or its payment is disputed";

/** What may go back, and what follows from it. */
export const SENDING_BACK: readonly Mutant[] = [
  {
    name: "an order that is not paid is refunded",
    change: [
      'const payment = order.payments.find(({ status }) => status === "succeeded");\n  if (payment === undefined) return order.status',
      "const payment = order.payments[0];\n  if (payment === undefined) return order.status",
    ],
    dies: API,
    by: STATES,
  },
  {
    name: "a payment that a bank asks back is given back as well",
    change: ['if (!order.disputes.some(({ status }) => status === "open")) return;', "return;"],
    dies: API,
    by: STATES,
  },
  {
    name: "a payment that a bank has asked back once is never given back",
    change: [
      'if (!order.disputes.some(({ status }) => status === "open")) return;',
      "if (order.disputes.length === 0) return;",
    ],
    dies: API,
    by: STATES,
  },
  {
    name: "a refund that failed counts as gone",
    change: ['(status === "failed" ? sum : sum + amount)', "sum + amount"],
    dies: RETRIES,
    by: "after it was pending calls a person, and can be made again, without taking the goods back twice",
  },
  {
    name: "a refund under way counts as nothing",
    change: [
      '(status === "failed" ? sum : sum + amount)',
      '(status === "succeeded" ? sum + amount : sum)',
    ],
    dies: API,
    by: MORE,
  },
  {
    name: "an order of which a part was sent waits for what was refunded",
    change: [
      `return isComplete(unitsOf(order), gone) ? "fulfilled" : undefined;`,
      "return undefined;",
    ],
    dies: PARTLY,
    by: "is fulfilled once the rest of its items is refunded, and its history says so",
  },
  {
    name: "an order of which nothing was sent is fulfilled by its refund",
    change: ['if (order.fulfillmentStatus !== "partially_fulfilled") return undefined;', ""],
    dies: PARTLY,
    by: "is one of which something was sent: of one that is refunded whole nothing was",
  },
  {
    name: "nobody brings a refund to Stripe",
    change: ["...(sending === undefined ? [] : [sending.statement]),\n", ""],
    dies: API,
    by: "of everything that is left is promised at once, sent to Stripe, booked and told once",
  },
  {
    name: "nobody writes down who refunded",
    change: ['      audit(ctx, "order.refunded", order.id, said),\n', ""],
    dies: API,
    by: "is written into the history and the audit log with who, how much and why",
  },
  {
    name: "what came back with a refund stays sold out",
    change: [
      "  ctx.soldOut.clear();\n  return {\n    statements: [\n      ...orderStep(ctx, order, step)",
      "  return {\n    statements: [\n      ...orderStep(ctx, order, step)",
    ],
    dies: API,
    by: "that takes back what was sold out lets it be sold at once",
  },
  {
    name: "a refund list has an item twice",
    change: ["      .max(50)\n      .superRefine(eachOnce)\n", "      .max(50)\n"],
    dies: API,
    by: ITEMS,
  },
  {
    name: "a refund of nothing is asked for",
    change: [
      "amount?.amount !== 0 || items !== undefined",
      "amount?.amount !== -1 || items !== undefined",
    ],
    dies: API,
    by: "in another currency, of nothing, or of what is not Money",
  },
];
