import type { Mutant } from "../mutant.ts";

const EVENT_ORDER = "test/payments/event-order.test.ts";

/** What payment providers tell. */
export const PAYMENT_EVENTS: readonly Mutant[] = [
  {
    name: "an event that is for nobody fails",
    change: ["if (news === null) return false;", "if (news === null) throw new Error();"],
    dies: "test/payments/event-effects.test.ts",
    by: "is not made of an event of a type to be invented: it is kept and ignored",
  },
  {
    name: "a payment of an order that is not here is ignored",
    change: [
      "if (order === undefined) throw orderNotHere(orderId);\n  await applySession(ctx, order, session, [settle]);",
      "if (order === undefined) return false;\n  await applySession(ctx, order, session, [settle]);",
    ],
    dies: EVENT_ORDER,
    by: "checkout.session.completed of an order of ours that is not here is tried again",
  },
  {
    name: "payment pages of another integration are waited for",
    change: [
      "if (!isOurs(mark, order, id)) return false;",
      `if (mark === "other" && isOurs(mark, order, id)) return false;`,
    ],
    dies: EVENT_ORDER,
    by: "is nothing that another integration's payment page can bring about with an order of its own",
  },
  {
    name: "another page ends an order",
    change: ['if (session.state !== "paid" && !isOwn(order, session)) return false;', ""],
    dies: EVENT_ORDER,
    by: "is not the end of an order whose own page is another one",
  },
  {
    name: "money on another page is not heard of",
    change: [
      'if (session.state !== "paid" && !isOwn(order, session)) return false;',
      "if (!isOwn(order, session)) return false;",
    ],
    dies: EVENT_ORDER,
    by: "is not made of a second payment for an order: it is left to a person, and the order as it is",
  },
  {
    name: "a page that the shop has not written down is another's",
    change: ["sessionId === null || sessionId === asked", "sessionId === asked"],
    dies: "test/payments/reconcile-orders.test.ts",
    by: "are read where the page became known by its webhook alone",
  },
  {
    name: "a second payment for an order is taken and kept",
    change: ["if (paysAgain(order, session))", "if (false)"],
    dies: EVENT_ORDER,
    by: "is not made of a second payment for an order: it is left to a person, and the order as it is",
  },
  {
    name: "a payment that is heard of twice is a second one",
    change: [
      "paid !== undefined && paid.providerPaymentId !== providerPaymentId",
      "paid !== undefined",
    ],
    dies: "test/webhooks/processing.test.ts",
    by: "by days finds the order paid by the sweep, and changes nothing",
  },
  {
    name: "money back of a payment that is nobody's fails",
    change: ["if (paid === null) return false;", "if (paid === null) throw new Error();"],
    dies: "test/payments/disputes.test.ts",
    by: "of a payment that the shop knows nothing of is ignored",
  },
  {
    name: "money back is booked and its event is not",
    change: ["compareRefunds(order, at)), [settle]);", "compareRefunds(order, at)));"],
    dies: "test/payments/event-effects.test.ts",
    by: "(refund.created) has one effect, at the door and from the queue",
  },
  {
    name: "only what a dispute says of itself is read of it",
    change: [
      "await applyDispute(ctx, paid, { dispute, refunds }, settle);",
      "await applyDispute(ctx, paid, { dispute, refunds: [] }, settle);",
    ],
    dies: "test/payments/dispute-events.test.ts",
    by: "book the refunds that no event has told of",
  },
  {
    name: "a dispute is booked and its event is not",
    change: ["await writeStep(ctx, step, [settle]);", "await writeStep(ctx, step);"],
    dies: "test/payments/event-effects.test.ts",
    by: "(charge.dispute.created) has one effect, at the door and from the queue",
  },
];
