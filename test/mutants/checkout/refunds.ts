import type { Mutant } from "../mutant.ts";

const API = "test/payments/refund-api.test.ts";
const SHARE = "test/checkout/refund-share.test.ts";
const RETRIES = "test/payments/refund-retries.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const DEAD = "test/jobs/dead-letters.test.ts";
const PARTLY = "test/orders/partly-sent.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const TOLD = "test/payments/told-operators.test.ts";
const RACES = "test/payments/refund-races.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const MORE = "for more than is left, saying how much is";
const ITEMS = "for items that are not in the order, stand there twice, or are refunded already";
const STATES = "while the order is not paid, is not there, or its payment is disputed";

/** Money that the shop sends back. */
export const SENDING_BACK: readonly Mutant[] = [
  {
    name: "an order that is not paid is refunded",
    change: [
      'const payment = order.payments.find(({ status }) => status === "succeeded");\n  if (payment === undefined) return undefined;\n  const refunds',
      "const payment = order.payments[0];\n  if (payment === undefined) return undefined;\n  const refunds",
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
    name: "what is left of another currency is the order's",
    change: ["refunds[0]?.currency ?? order.currency", "order.currency"],
    dies: REFUNDS,
    by: "of a payment in another currency is in that one, also when it is made again",
  },
  {
    name: "an amount of another currency goes back as it is",
    change: ["if (money.currency !== left.currency)\n", "if (false)\n"],
    dies: API,
    by: "in another currency, of nothing, or of what is not Money",
  },
  {
    name: "more than is left is left to the database, and nobody is told how much is",
    change: ["if (money.amount > left.amount) throw tooMuch(left);", ""],
    dies: API,
    by: MORE,
  },
  {
    name: "an amount that no card can take goes back",
    change: [
      "const problem = stepProblem(money);\n  if (problem === undefined) return money;",
      "return money;\n  const problem = stepProblem(money);",
    ],
    in: "refunds/",
    dies: API,
    by: "of a part of a unit that no card can take",
  },
  {
    name: "nothing goes back once all is back",
    change: ["if (left.amount === 0) throw tooMuch(left);\n", ""],
    dies: API,
    by: MORE,
  },
  {
    name: "items go back for nothing",
    change: ["  if (share === 0)\n", "  if (false)\n"],
    dies: SHARE,
    by: "is refused where only the delivery was paid and taxed (200)",
  },
  {
    name: "items go back for more than is left",
    change: ["amount: Math.min(share, left.amount), currency", "amount: share, currency"],
    dies: API,
    by: "of items is never more than is left",
  },
  {
    name: "more units are refunded than are left, and nobody is told how many",
    change: ["if (quantity > bought - refunded)\n", "if (quantity > bought)\n"],
    dies: API,
    by: ITEMS,
  },
  {
    name: "more units come back than are away, and nobody is told how many",
    change: ["if (restock && quantity > bought - restocked)\n", "if (false)\n"],
    dies: RETRIES,
    by: "after it was pending calls a person, and can be made again, without taking the goods back twice",
  },
  {
    name: "units are worth what each is, whatever went back before",
    change: ["const before = worth(({ refunded }) => refunded);", "const before = 0;"],
    dies: SHARE,
    by: "is, for all of them together, what was paid for the goods, however they come back",
  },
  {
    name: "goods are refunded with their delivery",
    change: [
      "return total - shipping - Math.min(onShipping, tax);",
      "return total - Math.min(onShipping, tax);",
    ],
    dies: SHARE,
    by: "is the rounded part of the total without the delivery",
  },
  {
    name: "goods are refunded with the tax on their delivery",
    change: ["return total - shipping - Math.min(onShipping, tax);", "return total - shipping;"],
    dies: SHARE,
    by: "is without the tax on the delivery, as Stripe has said",
  },
  {
    name: "the tax on a delivery cannot be paid",
    change: [
      "roundToStep(order.shippingTax ?? shippingTaxOf(order), currency)",
      "order.shippingTax ?? shippingTaxOf(order)",
    ],
    dies: SHARE,
    by: "can be paid where the tax on the delivery cannot",
  },
  {
    name: "a delivery that costs nothing is taxed",
    change: ["if (shipping === 0) return total;", ""],
    dies: SHARE,
    by: "is all of the total where delivery costs nothing",
  },
  {
    name: "the delivery's part of the tax is of the goods before their discount",
    change: ["of: subtotal - discount + shipping }", "of: subtotal + shipping }"],
    dies: SHARE,
    by: "is without the tax on the delivery, by its share",
  },
  {
    name: "large sums are refunded by a number's digits",
    change: [
      "  const doubled = 2n * BigInt(amount) * BigInt(value) + whole;",
      "  const doubled = BigInt(2 * amount * value) + whole;",
    ],
    dies: SHARE,
    by: "is exact where the product of the amounts passes 2^53",
  },
  {
    name: "a share is never rounded up",
    change: [
      "2n * BigInt(amount) * BigInt(value) + whole;",
      "2n * BigInt(amount) * BigInt(value);",
    ],
    dies: SHARE,
    by: "leaves out what the delivery has of the tax, its share of it where Stripe has not said",
  },
  {
    name: "an order of which a part was sent waits for what was refunded",
    change: [
      'return isComplete(unitsOf(order), lines) ? "fulfilled" : undefined;',
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
    change: [
      "      ...orderStep(ctx, order, step).statements,\n      sending.statement,",
      "      ...orderStep(ctx, order, step).statements,",
    ],
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
    change: [".max(50)\n    .superRefine(eachOnce)", ".max(50)"],
    dies: API,
    by: ITEMS,
  },
  {
    name: "a refund of nothing is asked for",
    change: ["const positive = z.int().min(1);", "const positive = z.int().min(0);"],
    dies: API,
    by: "in another currency, of nothing, or of what is not Money",
  },
  {
    name: "a refund that is settled is sent again",
    change: [
      'order === undefined || refund.status !== "pending") return;',
      "order === undefined) return;",
    ],
    dies: RACES,
    by: "is not made by a later try, although there is room for it again",
  },
  {
    name: "a refund whose key Stripe has forgotten is made again",
    change: [
      "const made = await findForgotten(ctx, order, { refundId: refund.id, providerPaymentId });",
      "const made = undefined;",
    ],
    dies: DEAD,
    by: "and that had reached it after all is not made again, replayed after a week",
  },
  {
    name: "a key is trusted for longer than Stripe remembers it",
    change: ["const KEY_REMEMBERED_MS = 20 * HOUR_MS;", "const KEY_REMEMBERED_MS = 26 * HOUR_MS;"],
    dies: DEAD,
    by: "and that had reached it after all is not made again, replayed after 25 hours",
  },
  {
    name: "a refund that Stripe refuses is sent for ever",
    change: [
      'if (!(error instanceof PaymentRefused)) throw error;\n    ctx.log.note("error", "refund_refused"',
      'throw error;\n    ctx.log.note("error", "refund_refused"',
    ],
    dies: REFUNDS,
    by: "that Stripe refuses because somebody has sent all of it back already leaves nothing to do",
  },
  {
    name: "a refund fails when Stripe is away",
    change: [
      'if (!(error instanceof PaymentRefused)) throw error;\n    ctx.log.note("error", "refund_refused"',
      'ctx.log.note("error", "refund_refused"',
    ],
    dies: REFUNDS,
    by: "that Stripe broke off before making it is made once all the same",
  },
  {
    name: "a refund that is made is called stuck",
    change: [
      '({ id, status }) => id === input.refundId && status === "pending",',
      "({ id }) => id === input.refundId,",
    ],
    dies: TOLD,
    by: "are not called to a refund that is made, when its message dies after all",
  },
  {
    name: "a stuck refund is called out twice",
    change: ['if (order.attentionReason === "refund_failed") return NOTHING;', ""],
    dies: REFUNDS,
    by: "that no retry brings to Stripe calls a person, once",
  },
  {
    name: "the second stuck refund is told to nobody",
    change: [
      "joinSteps(mark(ctx, order, input), callToStuckRefund(ctx, order, stuck))",
      'order.attentionReason === "refund_failed" ? NOTHING : joinSteps(mark(ctx, order, input), callToStuckRefund(ctx, order, stuck))',
    ],
    dies: TOLD,
    by: "are called to each refund that no retry brings to Stripe, once",
  },
  {
    name: "operators are called to a refund that is stuck and to the same that fails",
    change: [
      "return `refund_failed:${id}`;",
      "return `refund_failed:${id}${crypto.randomUUID()}`;",
    ],
    dies: TOLD,
    by: "are called once to a refund that is stuck, is replayed, and fails then",
  },
  {
    name: "operators are called to one refund of an order",
    change: [
      "dedupeKey: refundKey(refund),\n  });\n}\n\n/** Calls the operators to a refund that no",
      "dedupeKey: `refund_failed:${order.id}`,\n  });\n}\n\n/** Calls the operators to a refund that no",
    ],
    dies: TOLD,
    by: "are called to each refund that fails",
  },
  {
    name: "a customer is told of a refund that has not left",
    change: [
      'if (status !== "succeeded" || order.email === null) return NOTHING;',
      "if (order.email === null) return NOTHING;",
    ],
    dies: DASHBOARD,
    by: "that a bank needs days for is pending until it does: succeed",
  },
  {
    name: "a customer is told of a refund by each that notices it",
    change: [
      'const told = promiseOnce(ctx, {\n    topic: "mail.refunded",',
      'const told = promise(ctx, {\n    topic: "mail.refunded",',
    ],
    dies: CANCEL_PAID,
    by: "gives all of its money back and all of its goods to the shelf, and its buyer is told once",
  },
  {
    name: "a customer is told of a refund again when its payment goes back by itself",
    change: ["dedupeKey: refundMailKey(refund.id),", "dedupeKey: `mail:${refund.id}`,"],
    dies: REFUNDS,
    by: "(less) buys nothing, calls a person and goes back whole",
  },
  {
    name: "nobody is called to a refund that fails at the bank",
    change: ["return calls ? callToFailedRefund(ctx, order, refund) : NOTHING;", "return NOTHING;"],
    dies: TOLD,
    by: "that the shop made and that fails at the bank",
  },
  {
    name: "operators are called although all of the money is back",
    change: [
      "return calls ? callToFailedRefund(ctx, order, refund) : NOTHING;",
      "return callToFailedRefund(ctx, order, refund);",
    ],
    dies: TOLD,
    by: "are not called to a refund that fails because all of the money is back already",
  },
];
