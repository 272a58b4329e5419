import type { Mutant } from "../mutant.ts";

const DECISIONS = "test/checkout/totals-decision.test.ts";
const DISPUTES = "test/payments/disputes.test.ts";
const RECEIVING = "test/webhooks/receiving.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const EFFECTS = "test/payments/event-effects.test.ts";
const WAYS = "test/payments/ways.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const FORGED = "is refused and leaves nothing behind";

/** What Stripe says, and what is believed of it. */
export const HEARING_STRIPE: readonly Mutant[] = [
  {
    name: "a page that is completed is paid",
    change: ['if (session.payment_status === "paid") return "paid";\n', 'return "paid";\n'],
    dies: WAYS,
    by: "decides, read afresh",
  },
  {
    name: "a bank that has said no is still at work",
    change: [
      'const failed = ["requires_payment_method", "canceled"];',
      'const failed = ["canceled"];',
    ],
    dies: DECISIONS,
    by: "whose payment is requires_payment_method is failed",
  },
  {
    name: "a payment that was canceled is still at work",
    change: [
      'const failed = ["requires_payment_method", "canceled"];',
      'const failed = ["requires_payment_method"];',
    ],
    dies: DECISIONS,
    by: "whose payment is canceled is failed",
  },
  {
    name: "what was asked for was received",
    change: [
      'const paid = session.payment_status === "paid" && typeof intent',
      "const paid = false && typeof intent",
    ],
    dies: REFUNDS,
    by: "(less) buys nothing, calls a person and goes back whole",
  },
  {
    name: "an address in capitals is another one at Stripe",
    change: ["return typed ? asEmail(typed) : null;", "return typed || null;"],
    dies: WAYS,
    by: "is the order's in small letters",
  },
  {
    name: "a webhook is believed without its signature",
    change: [
      "  await signatures\n    .verifyHeaderAsync(rawBody, signature, secret, TOLERANCE_SECONDS, withOneKey, now)\n",
      "  await Promise.resolve([signatures, signature, secret, TOLERANCE_SECONDS, now])\n",
    ],
    dies: RECEIVING,
    by: FORGED,
  },
  {
    name: "a webhook of last week is believed",
    change: [
      "const TOLERANCE_SECONDS = (5 * MINUTE_MS) / SECOND_MS;",
      "const TOLERANCE_SECONDS = (5 * 24 * 3600 * MINUTE_MS) / SECOND_MS;",
    ],
    dies: RECEIVING,
    by: "(signed 6 minutes ago) is refused and leaves nothing behind",
  },
  {
    name: "a webhook of a slow network is not believed",
    change: [
      "const TOLERANCE_SECONDS = (5 * MINUTE_MS) / SECOND_MS;",
      "const TOLERANCE_SECONDS = MINUTE_MS / SECOND_MS;",
    ],
    dies: RECEIVING,
    by: "4 minutes old is still taken, for a slow network",
  },
  {
    name: "an event with metadata of its own kind is refused",
    change: [".nullish() }).nullish().catch(null),", ".nullish() }).nullish(),"],
    dies: EFFECTS,
    by: "is found beside metadata that is no object",
  },
  {
    name: "an event with a payment of its own kind is refused",
    change: [
      "payment_intent: paymentIntentSchema.nullish().catch(null),",
      "payment_intent: z.string().nullish(),",
    ],
    dies: EFFECTS,
    by: "is found beside the whole of it in place of its id",
  },
  {
    name: "an event of a charge without a payment fails for ever",
    change: ["if (!charge.success) return null;", ""],
    dies: EFFECTS,
    by: "is not made of a charge without a payment: it is kept and ignored",
  },
  {
    name: "a payment of a bank is not heard of",
    change: ['  "checkout.session.async_payment_succeeded",\n', ""],
    dies: WAYS,
    by: "that arrives after days is a sale with one receipt",
  },
  {
    name: "a bank's no is not heard of",
    change: ['  "checkout.session.async_payment_failed",\n', ""],
    dies: WAYS,
    by: "that fails after days gives the stock back",
  },
  {
    name: "a refund that was made elsewhere is not heard of",
    change: ['if (KINDS.refund.includes(type)) return "refund";\n', ""],
    dies: DASHBOARD,
    by: "of the whole payment is the order's refund, with its history",
  },
  {
    name: "an inquiry that came to nothing is open for ever",
    change: ['  warning_closed: "won",\n', ""],
    dies: DISPUTES,
    by: "that is asked about, and no more stands so on its order",
  },
  {
    name: "a dispute that a refund has headed off is open for ever",
    change: ['  prevented: "won",\n', ""],
    dies: DISPUTES,
    by: "prevented is won to the shop",
  },
  {
    name: "a dispute that was lost is open for ever",
    change: ['  lost: "lost",\n', ""],
    dies: DISPUTES,
    by: "that is lost stands so on its order",
  },
  {
    name: "a list says its time is ours",
    change: ["return Number.isNaN(time) ? null : time;", "return null;"],
    dies: "test/payments/reconcile-runs.test.ts",
    by: "leaves out nothing that happens while our clock is ahead of Stripe's",
  },
  {
    name: "the next page of a list is the first",
    change: ["...(after === null ? {} : { starting_after: after }),", ""],
    dies: "test/payments/reconcile-runs.test.ts",
    by: "is bounded: the next ones go on where it stopped, and nothing is left out",
  },
  {
    name: "pages that nobody has completed are read as well",
    change: ['            status: "complete",\n', ""],
    dies: "test/payments/reconcile-orders.test.ts",
    by: "are compared without those that nobody has completed",
  },
  {
    name: "a webhook is answered before it is stored",
    change: [
      "await receiveEvent(ctx, { ...event, provider: ctx.payments.provider, payload });",
      "void receiveEvent(ctx, { ...event, provider: ctx.payments.provider, payload }).catch(() => undefined);",
    ],
    dies: RECEIVING,
    by: "that cannot be stored is answered 503, so that Stripe sends it again",
  },
];
