import type { Mutant } from "../mutant.ts";

const WHOSE_PAYMENT = "test/payments/whose-payment.test.ts";

/** Several shops and other software on one account with Stripe. */
export const WHOSE_PAYMENTS: readonly Mutant[] = [
  {
    name: "another shop's payments are this one's",
    change: [
      `return mark === shopId ? "own" : "other";`,
      `return mark === shopId ? "own" : "own";`,
    ],
    dies: WHOSE_PAYMENT,
    by: "is ignored at once, its orders are not waited for",
  },
  {
    name: "an order that is not here is waited for without a mark",
    change: [
      "if (order === undefined) return false;\n  return mark",
      'if (order === undefined) return mark === "none";\n  return mark',
    ],
    dies: WHOSE_PAYMENT,
    by: "is ignored at once, its orders are not waited for",
  },
  {
    name: "another shop pays for an order of this one",
    change: [
      `return mark === "none" || order.payments.some((one) => one.sessionId === sessionId);`,
      "return sessionId !== null;",
    ],
    dies: WHOSE_PAYMENT,
    by: "cannot pay for an order of ours, whatever order it names",
  },
  {
    name: "a shop that has moved does not know its own payments",
    change: [
      `return mark === "none" || order.payments.some((one) => one.sessionId === sessionId);`,
      `return mark === "none" && sessionId !== null;`,
    ],
    dies: WHOSE_PAYMENT,
    by: "may have been another one when the session was made: what the shop wrote down is its own",
  },
  {
    name: "events of a connected account are ours",
    change: ["if (foreignEvent.safeParse(event).success) return null;", ""],
    dies: WHOSE_PAYMENT,
    by: "is not asked about in events of a connected account",
  },
  {
    name: "sessions and payments have no mark",
    change: [
      "const metadata = { orderId, [MARK_KEY]: shopId };",
      "const metadata = { orderId, [MARK_KEY]: shopId && `${shopId}.` };",
    ],
    dies: WHOSE_PAYMENT,
    by: "is on the session, the payment and the refunds, and is the shop's host unless it is said",
  },
  {
    name: "refunds have no mark",
    change: [
      "const metadata = { refundId, orderId, [MARK_KEY]: shopId };",
      "const metadata = { refundId, orderId, [MARK_KEY]: shopId && `${shopId}.` };",
    ],
    dies: WHOSE_PAYMENT,
    by: "is on the session, the payment and the refunds, and is the shop's host unless it is said",
  },
  {
    name: "refunds of another shop's payment are waited for",
    change: [
      "if (!isOurs(mark, found, session.sessionId)) return null;",
      "if (isOurs(mark, found, session.sessionId) === null) return null;",
    ],
    dies: WHOSE_PAYMENT,
    by: "is ignored also in what it says of refunds",
  },
];
