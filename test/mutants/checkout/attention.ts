import type { Mutant } from "../mutant.ts";

const ATTENTION = "test/payments/refund-attention.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const DECISIONS = "test/payments/refund-decisions.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const LET_GO = "is let go once it was made again in the dashboard, and by nothing less or before";

/** Who is called to a refund that failed, and until when. */
export const CALLING: readonly Mutant[] = [
  {
    name: "nobody is called to a refund that failed",
    change: ['return failing ? "refund_failed" : standing;', "return standing;"],
    dies: REFUNDS,
    by: "that fails after it was pending calls a person",
  },
  {
    name: "a person is called to a refund although all is back",
    change: ["goneOf(refunds) >= captured || (!failing && madeAgain)", "!failing && madeAgain"],
    dies: REFUNDS,
    by: "that Stripe refuses because somebody has sent all of it back already leaves nothing to do",
  },
  {
    name: "a person stays called to a refund that was made again",
    change: [
      "goneOf(refunds) >= captured || (!failing && madeAgain)",
      "goneOf(refunds) >= captured",
    ],
    dies: ATTENTION,
    by: LET_GO,
  },
  {
    name: "a person is let go of a canceled order whose money is not all back",
    change: ['order.status === "paid" && allMadeAgain(', "allMadeAgain("],
    dies: DECISIONS,
    by: "of a canceled order stays called until all of its money is back",
  },
  {
    name: "a person is let go while a refund may still be stuck",
    change: ["|| refunds.some(isUnsent) ? standing", "? standing"],
    dies: DECISIONS,
    by: "stays called while another refund has not reached Stripe",
  },
  {
    name: "what a bank has taken makes up for a refund that failed",
    change: ['.filter(({ source }) => source !== "dispute")\n    .toSorted', ".toSorted"],
    dies: DECISIONS,
    by: "stays called when a bank has taken as much as the refund was for",
  },
  {
    name: "what was made before makes up for a refund that failed",
    change: [
      'status === "failed" || createdAt >= since',
      "status.length > 0 || createdAt >= since",
    ],
    dies: DECISIONS,
    by: "is let go by a refund that was made within the same second",
  },
  {
    name: "less makes up for a refund that failed",
    change: ["free.has(one) && one.amount >= failed.amount", "free.has(one)"],
    dies: ATTENTION,
    by: LET_GO,
  },
  {
    name: "one refund makes up for two that failed",
    change: ["return again !== undefined && free.delete(again);", "return again !== undefined;"],
    dies: DECISIONS,
    by: "stays called when two have failed and one was made again",
  },
  {
    name: "a person is let go by the milliseconds that Stripe does not tell",
    change: ["Math.floor(calledAt / SECOND_MS) * SECOND_MS", "calledAt"],
    in: "refund-attention",
    dies: DECISIONS,
    by: "is let go by a refund that was made within the same second",
  },
  {
    name: "a person is let go while a refund is under way",
    change: ["const settled = !underWay && (", "const settled = ("],
    dies: DECISIONS,
    by: "stays called by another refund while one is under way",
  },
  {
    name: "a refund of a part lets a person go of a canceled order",
    change: ['!underWay && (order.status === "paid" || left === 0)', "!underWay"],
    dies: CANCEL_PAID,
    by: "whose refund fails calls a person, who can send it again",
  },
  {
    name: "a refund takes marks away that it has not made",
    change: [
      'if (order.attentionReason !== "refund_failed" || !settled) return undefined;',
      "if (!settled) return undefined;",
    ],
    dies: DECISIONS,
    by: "is let go of nothing else by a refund",
  },
  {
    name: "a refund that is made again hides an open dispute",
    change: ['if (disputes.includes("open")) return "dispute";\n', ""],
    dies: DECISIONS,
    by: "is called to a dispute again, that is open, once the refund is made",
  },
  {
    name: "a refund that is made again hides a lost dispute",
    change: ['if (disputes.includes("lost")) return "dispute_lost";\n', ""],
    dies: DECISIONS,
    by: "is called to a dispute again, that is lost, once the refund is made",
  },
  {
    name: "a refund that is made again hides a payment of another amount",
    change: ['return mismatched ? "amount_mismatch" : null;', "return null;"],
    dies: DECISIONS,
    by: "is not called to what staff have written as a reason",
  },
  {
    name: "a reason that staff wrote is a payment of another amount",
    change: ['actor === AUTOMATIC && reason === "amount_mismatch"', 'reason === "amount_mismatch"'],
    dies: DECISIONS,
    by: "is not called to what staff have written as a reason",
  },
];
