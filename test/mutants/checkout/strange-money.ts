import type { Mutant } from "../mutant.ts";

const PAYMENTS_STRANGE_MONEY = "test/payments/strange-money.test.ts";

/** Late or odd money, and events that died of something that is over. */
export const STRANGE_MONEY: readonly Mutant[] = [
  {
    name: "nobody is told of a payment for an order that is not here",
    change: [
      "await writeStep(ctx, callToLostOrder(ctx, origin, { number: memo?.number, why }));",
      "",
    ],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "when its order is not here: once a day, however often the event is tried",
  },
  {
    name: "nobody is told of a second payment for an order",
    change: [
      "{ notice: noticeOfSecondPayment(ctx, order, session) },",
      "noticeOfSecondPayment(ctx, order, session) === undefined ? {} : {},",
    ],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "when it is a second payment for one order",
  },
  {
    name: "one session that cannot be read holds up all others",
    change: [
      "    } catch {\n      unreadable.push(String(one.id));\n    }",
      "    } finally {\n      unreadable.length = 0;\n    }",
    ],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "session does not hold up the others, and a person hears of it",
  },
  {
    name: "nobody is told of what cannot be read",
    change: ["  await callOperators(ctx, noticeOfUnreadable(ctx, ids));\n", ""],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "session does not hold up the others, and a person hears of it",
  },
  {
    name: "an event whose order has come stays dead",
    change: [
      "softly(ctx, run, () => revive(ctx, run))",
      "softly(ctx, run, async () => void revive)",
    ],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "once its order is here",
  },
  {
    name: "an event that died while Stripe was away stays dead",
    change: [
      "await writeDown(ctx, event, error, away ? { lacks: event.provider } : {});",
      "await writeDown(ctx, event, error, away ? {} : {});",
    ],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "once Stripe answers again",
  },
  {
    name: "an event is revived while Stripe is away",
    change: [
      "provider: counts.failed === 0 ? ctx.payments.provider : null,",
      "provider: ctx.payments.provider,",
    ],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "once Stripe answers again",
  },
  {
    name: "an event is revived before its order is here",
    change: [
      "sql`EXISTS (SELECT 1 FROM orders WHERE id = lacking.lacks)`",
      "sql`lacking.lacks LIKE 'ord_%'`",
    ],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "once its order is here",
  },
  {
    name: "an event does not say which order it lacks",
    change: ["{ lacks: orderId });", "{});"],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "when its order is not here: once a day, however often the event is tried",
  },
  {
    name: "what holds an event up is forgotten",
    change: ["super(message);\n    this.how = how;", "super(message);\n    this.how = how && {};"],
    dies: PAYMENTS_STRANGE_MONEY,
    by: "when it is a second payment for one order",
  },
];
