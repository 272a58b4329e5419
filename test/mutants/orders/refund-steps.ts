import type { Mutant } from "../mutant.ts";

const LATE = "test/payments/late-money.test.ts";
const REFUNDS = "test/payments/refunds.test.ts";
const WAYS = "test/payments/ways.test.ts";
const PAID = "test/payments/paid.test.ts";
const CANCEL = "test/checkout/cancel.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const PARTLY = "test/orders/partly-sent.test.ts";

/** What money that goes back makes of an order, and what is answered. */
export const REFUND_STEPS: readonly Mutant[] = [
  {
    name: "a refund says nothing of what it completes",
    change: [
      "patch: { ...attention, ...(fulfillmentStatus && { fulfillmentStatus }) },",
      "patch: { ...attention },",
    ],
    dies: PARTLY,
    by: "is fulfilled once the rest of its items is refunded, and its history says so",
  },
  {
    name: "a refund that was made again leaves its mark",
    change: [
      "patch: { ...attention, ...(fulfillmentStatus && { fulfillmentStatus }) },",
      "patch: { ...(fulfillmentStatus && { fulfillmentStatus }) },",
    ],
    dies: "test/payments/refund-attention.test.ts",
    by: "is let go as soon as they have sent it again",
  },
  {
    name: "a stuck refund marks no order",
    change: ['patch: marked("refund_failed", now),', "patch: {},"],
    dies: REFUNDS,
    by: "that no retry brings to Stripe calls a person, once",
  },
  {
    name: "a canceled order that was paid stays so",
    change: ['patch: { status: "canceled", ...attention },', "patch: { ...attention },"],
    dies: CANCEL_PAID,
    by: "gives all of its money back and all of its goods to the shelf, and its buyer is told once",
  },
  {
    name: "a cancellation says nothing of its refund",
    change: [
      "data: { reason, refunded, restocked, ...(refund && { refundId: refund.id }) },",
      "data: { reason, refunded, restocked },",
    ],
    dies: CANCEL_PAID,
    by: "gives all of its money back and all of its goods to the shelf, and its buyer is told once",
  },
  {
    name: "money that goes back is in no book",
    change: [
      "      ...(effect.refund === undefined ? [] : insertRefund(order.id, effect.refund)),\n",
      "",
    ],
    dies: LATE,
    by: "goes back although the stock is there, and the order stays canceled",
  },
  {
    name: "an order's payments stay as they were",
    change: ["patch: effect.payments?.(payment),", "patch: undefined,"],
    dies: WAYS,
    by: "that is declined leaves everything as it was; the next card buys",
  },
  {
    name: "an order is answered without its new refund",
    change: ["...(effect.refund === undefined ? [] : [asStored(effect.refund)]),", ""],
    dies: CANCEL_PAID,
    by: "answers the order as it is from then on",
  },
  {
    name: "an order is answered with its old payments",
    change: [
      "payments: payments.map(({ payment, patch }) => ({ ...payment, ...patch })),",
      "payments: payments.map(({ payment }) => payment),",
    ],
    dies: CANCEL,
    by: "is canceled by the guest who has its token",
  },
  {
    name: "a mark that is gone says since when",
    change: ["attentionSince: reason === null ? null : now", "attentionSince: now"],
    dies: PAID,
    by: "and is disputed and won ends so, with the order paid and the stock sold",
  },
];
