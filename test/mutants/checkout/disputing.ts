import type { Mutant } from "../mutant.ts";

const DISPUTES = "test/payments/disputes.test.ts";
const EVENTS = "test/payments/dispute-events.test.ts";

/** Disputes. */
export const DISPUTING: readonly Mutant[] = [
  {
    name: "a dispute is told each time that it is read",
    change: ['if (known?.status === status) return "nothing";', ""],
    dies: EVENTS,
    by: "worked on by several consumers at once have one effect",
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
    dies: EVENTS,
    by: "call a person to a refund that has failed and that no event has told of",
  },
];
