import type { Mutant } from "../mutant.ts";

const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const DISPUTES = "test/payments/disputes.test.ts";
const EVENTS = "test/payments/dispute-events.test.ts";

/** What went back, and what that makes of the order. */
export const MONEY_BACK: readonly Mutant[] = [
  {
    name: "a step of money that went back is in no history",
    change: [
      "      insertOrderEvent({ ...event, requestId: ctx.requestId, now }),\n      ...rowsOf",
      "      ...rowsOf",
    ],
    dies: DASHBOARD,
    by: "of the whole payment is the order's refund, with its history",
  },
  {
    name: "two news of one order are one step",
    change: ["seq: order.version + 1 + i, type", "seq: order.version + 1, type"],
    dies: DASHBOARD,
    by: "of parts, one after the other, adds up",
  },
  {
    name: "an order's version is behind its history",
    change: ["const version = order.version + news.length;", "const version = order.version + 1;"],
    dies: DASHBOARD,
    by: "of parts, one after the other, adds up",
  },
  {
    name: "what a bank takes is in no book",
    change: ['...(news.news === "lost" ? takenMoney(order, news, now) : []),', ""],
    dies: DISPUTES,
    by: "that is lost is a refund by the bank, under the dispute's own id",
  },
  {
    name: "what a bank gives back after an appeal is gone",
    change: ['...(news.news === "won" ? returnedMoney(order, id, now) : []),', ""],
    dies: EVENTS,
    by: "that is won after an appeal bring the money back",
  },
  {
    name: "one appeal brings back what other disputes have taken",
    change: ['source === "dispute" && providerRefundId === disputeId', 'source === "dispute"'],
    dies: EVENTS,
    by: "that is won after an appeal brings back its own money, not the other's",
  },
  {
    name: "a bank that takes nothing has a refund of nothing",
    change: ["if (taken === 0) return [];", ""],
    dies: DISPUTES,
    by: "lost over what has gone back already takes nothing twice",
  },
  {
    name: "a dispute that contradicts itself is written over the one that stands",
    change: ['if (news.news === "contradicted") return [];', ""],
    dies: EVENTS,
    by: "that say another end than is booked call a person",
  },
  {
    name: "a dispute that ends is a second one",
    change: ['known && status !== "open"\n', "false\n"],
    dies: DISPUTES,
    by: "that is won stands so on its order",
  },
  {
    name: "refunds under way have gone back",
    change: [
      "WHERE order_id = ${orderId} AND status = 'succeeded'`",
      "WHERE order_id = ${orderId} AND status <> 'failed'`",
    ],
    dies: DASHBOARD,
    by: "that a bank needs days for is pending until it does: succeed",
  },
  {
    name: "refunds that failed have gone back",
    change: [
      "WHERE order_id = ${orderId} AND status = 'succeeded'`",
      "WHERE order_id = ${orderId} AND status <> 'pending'`",
    ],
    dies: DASHBOARD,
    by: "that fails after it succeeded is taken out again, and calls a person",
  },
  {
    name: "money of another currency has gone back of the order's",
    change: ["${done} AND currency = orders.currency)", "${done})"],
    dies: "test/payments/refunds.test.ts",
    by: "(in another currency) buys nothing, calls a person and goes back whole",
  },
  {
    name: "an order that is unpaid is refunded",
    change: [
      "WHEN payment_status IN ('unpaid', 'processing', 'failed') THEN payment_status",
      "WHEN payment_status IN ('processing', 'failed') THEN payment_status",
    ],
    dies: "test/orders/writes.test.ts",
    by: "is not paid by news of money back",
  },
  {
    name: "a refund ends a dispute",
    change: [
      "WHEN EXISTS (SELECT 1 FROM ${disputes} WHERE order_id = ${orderId} AND status = 'open') THEN 'disputed'",
      "WHEN 0 THEN 'disputed'",
    ],
    dies: DISPUTES,
    by: "stays one while a refund of before succeeds",
  },
  {
    name: "a dispute that has ended is one still",
    change: [
      "FROM ${disputes} WHERE order_id = ${orderId} AND status = 'open')",
      "FROM ${disputes} WHERE order_id = ${orderId})",
    ],
    dies: DISPUTES,
    by: "that is won stands so on its order",
  },
  {
    name: "an order is refunded by a part",
    change: [
      "WHEN ${back} >= captured THEN 'refunded' ELSE",
      "WHEN ${back} > 0 THEN 'refunded' ELSE",
    ],
    dies: DASHBOARD,
    by: "of parts, one after the other, adds up",
  },
  {
    name: "an order is never refunded whole",
    change: [
      "WHEN ${back} >= captured THEN 'refunded' ELSE",
      "WHEN ${back} > captured THEN 'refunded' ELSE",
    ],
    dies: DASHBOARD,
    by: "of the whole payment is the order's refund, with its history",
  },
];
