import type { Mutant } from "../mutant.ts";

const RACES = "test/payments/refund-races.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const ATTENTION = "test/payments/refund-attention.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const DISPUTES = "test/payments/disputes.test.ts";
const DECISIONS = "test/payments/refund-decisions.test.ts";
const EVENTS = "test/payments/dispute-events.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const LOST = "ends failed, and the bank's taking is booked whole";
const LET_GO = "is let go once it was made again in the dashboard, and by nothing less or before";
const STAYS = "stays called while a dispute about it is decided, until somebody makes it again";

/** The books against what Stripe has, and who is called by what differs. */
export const COMPARING: readonly Mutant[] = [
  {
    name: "what is booked is news again",
    change: [
      "underWay ? refund.providerRefundId === null : legal.includes(outcome.status)",
      "true",
    ],
    dies: DASHBOARD,
    by: "is booked once, its webhooks three times in parallel, out of order, and all of it twice over",
  },
  {
    name: "a refund under way is news each time",
    change: ["underWay ? refund.providerRefundId === null :", "underWay ? true :"],
    dies: DASHBOARD,
    by: "that a bank needs days for is pending until it does: succeed",
  },
  {
    name: "a refund under way never gets its name at Stripe",
    change: ["underWay ? refund.providerRefundId === null :", "underWay ? false :"],
    dies: "test/jobs/dead-letters.test.ts",
    by: "calls nobody to one that is at Stripe already, when its message dies after all",
  },
  {
    name: "a refund that Stripe has nothing left to make of waits for ever",
    change: ["const known = [...outcomes, ...doomed];", "const known = [...outcomes];"],
    dies: RACES,
    by: "leaves it nothing: ours fails, a person is called, and the books are Stripe's",
  },
  {
    name: "a refund that failed for want of room is not booked",
    change: ['({ status, money }) => status === "failed" && money.amount <= room', "() => false"],
    in: "compare-refunds",
    dies: DASHBOARD,
    by: "that has failed before the shop hears of it, and is made again, is booked as it stands",
  },
  {
    name: "a refund that failed is booked where there is no room for it",
    change: ['status === "failed" && money.amount <= room', 'status === "failed"'],
    dies: DECISIONS,
    by: "is not booked where nothing is left",
  },
  {
    name: "a refund that failed is booked after the one that took its place",
    change: ["[...failed, ...alive].map", "[...alive, ...failed].map"],
    dies: DASHBOARD,
    by: "that has failed before the shop hears of it, and is made again, is booked as it stands",
  },
  {
    name: "one of our refunds is two at Stripe",
    change: ["if (booked !== undefined) free.delete(booked);", ""],
    dies: RACES,
    by: "are two refunds",
  },
  {
    name: "a refund whose answer was lost is another's",
    change: ["bookedAs(own, refund) ?? waitingFor([...free], refund)", "bookedAs(own, refund)"],
    dies: RACES,
    by: "makes it ours although the answer to our request was lost",
  },
  {
    name: "a refund of another amount is ours by the id that it bears",
    change: ["      one.amount === money.amount &&\n", ""],
    dies: RACES,
    by: "is not believed when it is ours, of another amount",
  },
  {
    name: "a refund that failed is what somebody makes with its id",
    change: [
      '      one.status === "pending" &&\n      one.providerRefundId === null &&\n      one.amount === money',
      "      one.amount === money",
    ],
    dies: RACES,
    by: "is not what somebody makes with its id: that is another",
  },
  {
    name: "a refund at Stripe that has failed takes room",
    change: [
      'refund.status !== "failed" && booked?.status !== "failed"',
      'booked?.status !== "failed"',
    ],
    dies: DECISIONS,
    by: "has the room of one in the dashboard that has failed",
  },
  {
    name: "a refund that is read late as made takes room",
    change: [
      'refund.status !== "failed" && booked?.status !== "failed"',
      'refund.status !== "failed"',
    ],
    dies: RACES,
    by: "and that has failed since takes nothing from it, read late as made",
  },
  {
    name: "a refund that Stripe has is impossible",
    change: ["      !met.has(one) &&\n", ""],
    dies: DECISIONS,
    by: "takes no room from itself once Stripe has made it",
  },
  {
    name: "a refund that Stripe could still make is impossible",
    change: ["one.amount > (refundable ? left : 0)", "one.amount >= (refundable ? left : 0)"],
    dies: DECISIONS,
    by: "of which Stripe could still make just all is not given up",
  },
  {
    name: "a refund is made after the bank has taken all",
    change: ["one.amount > (refundable ? left : 0)", "one.amount > left"],
    dies: DISPUTES,
    by: LOST,
  },
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
    dies: ATTENTION,
    by: LET_GO,
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
    dies: REFUNDS,
    by: "that Stripe refuses because somebody has sent all of it back already leaves nothing to do",
  },
  {
    name: "a reason that staff wrote is a payment of another amount",
    change: ['actor === AUTOMATIC && reason === "amount_mismatch"', 'reason === "amount_mismatch"'],
    dies: DECISIONS,
    by: "is not called to what staff have written as a reason",
  },
];

/** Disputes. */
export const DISPUTING: readonly Mutant[] = [
  {
    name: "a dispute is told each time that it is read",
    change: ['if (known?.status === status) return "nothing";', ""],
    dies: DISPUTES,
    by: "writes each step into the order's history once, and calls the operators once",
  },
  {
    name: "a dispute that has ended is open again",
    change: ['return known === undefined ? "opened" : "nothing";', 'return "opened";'],
    dies: EVENTS,
    by: "read at Stripe before its end, and booked after it, change nothing",
  },
  {
    name: "an appeal that is won changes nothing",
    change: [
      'if (known?.status === "lost") return "won"; // after an appeal',
      'if (known?.status === "lost") return "nothing";',
    ],
    dies: EVENTS,
    by: "that is won after an appeal bring the money back",
  },
  {
    name: "a dispute that was won is lost",
    change: ['known?.status === "won" ? "contradicted" : status', "status"],
    dies: EVENTS,
    by: "that say another end than is booked call a person",
  },
  {
    name: "a dispute replaces every other mark",
    change: [
      'if (!free || news === "nothing") return standing;',
      'if (news === "nothing") return standing;',
    ],
    dies: DISPUTES,
    by: "leaves a mark that calls a person to something else where it is",
  },
  {
    name: "nobody is called to a lost dispute",
    change: ['if (news === "lost") return "dispute_lost";', 'if (news === "lost") return null;'],
    dies: DISPUTES,
    by: "that is lost stands so on its order",
  },
  {
    name: "nobody is called to a dispute",
    change: ['if (news !== "won") return "dispute";', 'if (news !== "won") return standing;'],
    dies: DISPUTES,
    by: "that is opened stands so on its order",
  },
  {
    name: "a person is let go while another dispute is open",
    change: ['standing === null || others.includes("open")', "standing === null"],
    dies: EVENTS,
    by: "that is won leaves a person called while the other is open",
  },
  {
    name: "a dispute that is won hides another that is lost",
    change: ['return others.includes("lost") ? "dispute_lost" : null;', "return null;"],
    dies: EVENTS,
    by: "that is won after an appeal brings back its own money, not the other's",
  },
  {
    name: "a bank takes more than had come",
    change: [
      "Math.max(0, Math.min(amount, payment.captured - givenBack(order, refunds)))",
      "amount",
    ],
    in: "disputes/",
    dies: DISPUTES,
    by: "lost over what has gone back already takes nothing twice",
  },
  {
    name: "a bank takes all that had come",
    change: [
      "Math.min(amount, payment.captured - givenBack(order, refunds))",
      "payment.captured - givenBack(order, refunds)",
    ],
    dies: DISPUTES,
    by: "over a part of the payment takes that part",
  },
  {
    name: "nobody is told of a dispute",
    change: [
      'const opened = news === "opened" ? tellOfDispute(ctx, order, dispute) : undefined;',
      "const opened = undefined;",
    ],
    dies: DISPUTES,
    by: "writes each step into the order's history once, and calls the operators once",
  },
  {
    name: "a dispute ends its refund's mark",
    change: [
      "mark: markAfter(ctx, order, change) ?? booking.mark,",
      "mark: markAfter(ctx, order, change),",
    ],
    dies: ATTENTION,
    by: STAYS,
  },
];
