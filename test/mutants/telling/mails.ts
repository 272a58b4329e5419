import type { Mutant } from "../mutant.ts";

const RECEIPT = "test/notifications/receipt.test.ts";
const CANCELED = "test/notifications/order-canceled.test.ts";
const PARCELS = "test/orders/fulfillments.test.ts";
const LATE = "test/payments/late-money.test.ts";
const TOLD = "test/payments/told-of-banks.test.ts";
const OPERATORS = "test/payments/told-operators.test.ts";
const FOR_NOW = "for now (500 internal_server_error) is tried again until it is sent";
const ONE_MAIL = "sent by two at the same moment is one mail, because the row's id is Resend's key";

/** What customers and operators are told. */
export const MAILS: readonly Mutant[] = [
  {
    name: "each try of a mail is a mail",
    change: [
      "{ from: mail.from, to, subject, html, text }, { idempotencyKey }",
      "{ from: mail.from, to, subject, html, text }, { idempotencyKey: crypto.randomUUID() }",
    ],
    dies: RECEIPT,
    by: ONE_MAIL,
  },
  {
    name: "a mail that Resend did not take is sent",
    change: [
      "throw FINAL.has(error.name) ? new MailRefused(words) : new Error(words);",
      'return "sent";',
    ],
    dies: RECEIPT,
    by: FOR_NOW,
  },
  {
    name: "a mail that Resend does not take for now is never sent",
    change: [
      "throw FINAL.has(error.name) ? new MailRefused(words) : new Error(words);",
      "throw new MailRefused(words);",
    ],
    dies: RECEIPT,
    by: FOR_NOW,
  },
  {
    name: "a mail that Resend never takes is sent for ever",
    change: [
      "throw FINAL.has(error.name) ? new MailRefused(words) : new Error(words);",
      "throw new Error(words);",
    ],
    dies: RECEIPT,
    by: "for good (422 validation_error) is dead at once, and the purchase is not touched",
  },
  {
    name: "a refused mail is one that can be delivered",
    change: [
      "throw error instanceof MailRefused ? new Undeliverable(error.message) : error;",
      "throw error;",
    ],
    dies: RECEIPT,
    by: "for good (422 validation_error) is dead at once, and the purchase is not touched",
  },
  {
    name: "a shop without mail fails at its mails",
    change: [
      'if (mail === undefined) return async () => "not_configured";',
      'if (mail === undefined) return async () => { throw new Error("none"); };',
    ],
    dies: RECEIPT,
    by: "nothing is sent and nothing breaks",
  },
  {
    name: "a mail leads to an order without its token",
    change: [
      "`?token=${await orderTokenOf(ctx, row.id)}`",
      "`?t=${await orderTokenOf(ctx, row.id)}`",
    ],
    dies: RECEIPT,
    by: "says what was bought and for how much, and links to the order with a token that works",
  },
  {
    name: "a mail of an order that nobody can be written to is tried for hours",
    change: [
      'throw new Undeliverable("The order has no address to write to.");',
      'throw new Error("The order has no address to write to.");',
    ],
    dies: RECEIPT,
    by: "is dead at once",
  },
  {
    name: "a mail to operators that there are not is tried for hours",
    change: [
      'throw new Undeliverable("OPERATOR_EMAIL is not configured any more.");',
      'throw new Error("OPERATOR_EMAIL is not configured any more.");',
    ],
    dies: OPERATORS,
    by: "are told nothing, and nothing is tried again, once none are configured any more",
  },
  {
    name: "operators are promised mails that nobody gets",
    change: ["if (ctx.config.operatorEmail === undefined) return undefined;", ""],
    dies: OPERATORS,
    by: "are promised nothing where none are configured, and the refund is booked the same",
  },
  {
    name: "a receipt shows nothing of what was bought",
    change: [
      "{ heading, paragraphs, order, sums: includedTaxSums(paid) }",
      "{ heading, paragraphs }",
    ],
    dies: RECEIPT,
    by: "says what was bought and for how much, and links to the order with a token that works",
  },
  {
    name: "a text says nothing of what was bought",
    change: ["    order && orderTableText(order, sums),\n", ""],
    dies: RECEIPT,
    by: "says what was bought and for how much, and links to the order with a token that works",
  },
  {
    name: "a mail of a cancellation forgets what goes back",
    change: [
      "if (amount !== undefined)\n    return `We are sending",
      "if (false)\n    return `We are sending",
    ],
    dies: "test/checkout/cancel-paid.test.ts",
    by: "gives all of its money back and all of its goods to the shelf, and its buyer is told once",
  },
  {
    name: "a mail of a cancellation forgets what a bank works on",
    change: [
      'if (paymentStatus === "processing")\n    return `Your bank',
      "if (false)\n    return `Your bank",
    ],
    dies: CANCELED,
    by: "says what becomes of a payment that a bank is still working on",
  },
  {
    name: "a mail of a cancellation says that money comes that never went",
    change: ['if (NOTHING_CHARGED.includes(paymentStatus)) return "Nothing was charged.";', ""],
    dies: CANCELED,
    by: "says that nothing was charged when the bank has said no, and its webhook has not come",
  },
  {
    name: "a mail of a cancellation says that the bank's money comes from us",
    change: [
      'source === "dispute" && status === "succeeded")',
      'source === "dispute" && status === "pending")',
    ],
    dies: CANCELED,
    by: "says that the bank has the money when a dispute was lost over all of it",
  },
  {
    name: "a mail of money that goes back does not say why",
    change: [
      'const why = words.get(refund?.reason ?? "") ?? WHY_AT_ALL;',
      "const why = WHY_AT_ALL;",
    ],
    dies: LATE,
    by: "goes back although the stock is there, and the order stays canceled",
  },
  {
    name: "a mail of a bank that is late says that it said no",
    change: ['if (reason === "late")\n', "if (false)\n"],
    dies: TOLD,
    by: "is told when the 14 days are over, and of nothing more when it says no after that",
  },
  {
    name: "a mail of a parcel is about another parcel",
    change: ["fulfillments.find(({ id }) => id === fulfillmentId)", "fulfillments[0]"],
    dies: PARCELS,
    by: "in parcels, each with a mail of its own",
  },
  {
    name: "a mail of a refund is about another refund",
    change: ["order.refunds.find(({ id }) => id === refundId)?.amount", "order.refunds[0]?.amount"],
    dies: "test/payments/refund-api.test.ts",
    by: "of parts is told part by part",
  },
];
