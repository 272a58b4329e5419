import type { Mutant } from "../mutant.ts";

const REFUNDS = "test/payments/refunds.test.ts";
const DEAD = "test/jobs/dead-letters.test.ts";
const TOLD = "test/payments/told-operators.test.ts";
const RACES = "test/payments/refund-races.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";

/** A refund on its way to Stripe, and who is told of it. */
export const REFUND_OUTCOMES: readonly Mutant[] = [
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
    dies: "test/payments/refund-retries.test.ts",
    by: "is booked as failed, and calls a person",
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
    dies: "test/payments/refund-api.test.ts",
    by: "that a bank has yet to take is told once it has left",
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
