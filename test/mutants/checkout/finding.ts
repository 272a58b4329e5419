import type { Mutant } from "../mutant.ts";

const TOLD = "test/payments/told-of-banks.test.ts";
const EFFECTS = "test/payments/event-effects.test.ts";
const EVENT_ORDER = "test/payments/event-order.test.ts";

/** Who is told where a payment session is, and whose payment it is. */
export const FINDING: readonly Mutant[] = [
  {
    name: "a customer whose bank says no is not told",
    change: [
      'return joinSteps({ statements, promised: [] }, tellPaymentFailed(ctx, after, "declined"));',
      "return { statements, promised: [] };",
    ],
    dies: TOLD,
    by: "is told once, however often and by whomever it is noticed",
  },
  {
    name: "a customer whose bank says no is told at the address that the order had",
    change: [
      'tellPaymentFailed(ctx, after, "declined")',
      'tellPaymentFailed(ctx, order, "declined")',
    ],
    dies: TOLD,
    by: "is told when that is the first word of it, at the address that the page has asked for",
  },
  {
    name: "a customer whose order is over is not told that the bank said no",
    change: ['        tellPaymentFailed(ctx, order, "over"),\n', ""],
    in: "settling/",
    dies: TOLD,
    by: "is told that nothing was charged when they had canceled while it was at work",
  },
  {
    name: "a customer whose bank is late is not told",
    change: [
      'order.paymentStatus === "processing" ? tellPaymentFailed(ctx, order, "late") : NOTHING',
      "NOTHING",
    ],
    dies: TOLD,
    by: "is told when the 14 days are over, and of nothing more when it says no after that",
  },
  {
    name: "a customer is told of a bank that has nothing to do with it",
    change: [
      'order.paymentStatus === "processing" ? tellPaymentFailed(ctx, order, "late") : NOTHING',
      'tellPaymentFailed(ctx, order, "late")',
    ],
    dies: TOLD,
    by: "is told nothing when a card is declined, and nothing when the hold ends",
  },
  {
    name: "an event is believed which order it is about",
    change: [
      "if (named !== undefined) return named;",
      "if (known?.payments[0] !== undefined) return { order: known, payment: known.payments[0] };",
    ],
    dies: EFFECTS,
    by: "decides, not the order that somebody wrote beside it",
  },
  {
    name: "news of money back that overtake the payment are for nobody",
    change: ["?? payFirst(ctx, providerPaymentId)", "?? null"],
    dies: "test/payments/dashboard-refunds.test.ts",
    by: "pays the order first, and then refunds it",
  },
  {
    name: "news of money back do not book the payment first",
    change: ["  await applySession(ctx, order, session);\n  const [fresh]", "  const [fresh]"],
    dies: "test/payments/dashboard-refunds.test.ts",
    by: "pays the order first, and then refunds it",
  },
  {
    name: "money back of another integration's payment fails for ever",
    change: ["if (!isOurs(mark, found, session.sessionId)) return null;", ""],
    dies: EVENT_ORDER,
    by: "is nothing that another integration's payment page can bring about with an order of its own",
  },
  {
    name: "money back of an order that is not here is ignored",
    change: [
      "if (order === undefined) throw orderNotHere(orderId);\n  await applySession(ctx, order, session);",
      "if (order === undefined) return null;\n  await applySession(ctx, order, session);",
    ],
    dies: EVENT_ORDER,
    by: "charge.refunded of an order of ours that is not here is tried again",
  },
];
