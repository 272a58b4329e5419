import type { Mutant } from "../mutant.ts";

const RACES = "test/payments/refund-races.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const DISPUTES = "test/payments/disputes.test.ts";
const DECISIONS = "test/payments/refund-decisions.test.ts";
const LOST = "ends failed, and the bank's taking is booked whole";

/** The books against what Stripe has. */
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
    dies: DECISIONS,
    by: "gets its name there while it is under way",
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
    dies: DECISIONS,
    by: "is one of the two that bear its id",
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
];
