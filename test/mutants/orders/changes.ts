import type { Mutant } from "../mutant.ts";

const CANCEL = "test/checkout/cancel.test.ts";
const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const READING = "test/checkout/reading-orders.test.ts";
const PARCELS = "test/orders/fulfillments.test.ts";
const PARTLY = "test/orders/partly-sent.test.ts";
const DASHBOARD = "test/payments/dashboard-refunds.test.ts";
const DISPUTES = "test/payments/disputes.test.ts";
const EVENTS = "test/payments/dispute-events.test.ts";
const ISOLATION = "test/identity/isolation.test.ts";
const NOBODY =
  "is nobody else's: no token is 401, another order's token is 404, as is an unknown order";

/** Who changes an order, and one after the other. */
export const ORDER_CHANGES: readonly Mutant[] = [
  {
    name: "whoever was not fast enough fails",
    change: ["if (!refusedBy(error, ORDER_CHANGED)) throw error;", "throw error;"],
    dies: "test/payments/refund-retries.test.ts",
    by: "of equal amounts are as many as were asked for",
  },
  {
    name: "whoever was not fast enough decides on what was",
    change: ["      order = await reloadOrder(ctx, order.id);\n", ""],
    dies: "test/payments/refund-retries.test.ts",
    by: "of equal amounts are as many as were asked for",
  },
  {
    name: "whoever was never fast enough has found an error of ours",
    change: [
      "if (tries >= MAX_TRIES) throw tooBusy(error);",
      "if (tries >= MAX_TRIES) throw error;",
    ],
    dies: "test/orders/writes.test.ts",
    by: "that others change all the time is one to come back to",
  },
  {
    name: "a second use of a key decides again",
    change: [
      "if (use !== undefined && known !== undefined && known.expiresAt > ctx.now())\n",
      "if (false)\n",
    ],
    dies: CANCEL,
    by: "is answered again without asking Stripe",
  },
  {
    name: "a key that is over is good for orders",
    change: [
      "known !== undefined && known.expiresAt > ctx.now())\n    return { body: await replay",
      "known !== undefined)\n    return { body: await replay",
    ],
    dies: "test/orders/writes.test.ts",
    by: "is decided anew once its key is over",
  },
  {
    name: "an order is changed by whoever knows its id",
    change: [
      "if (order === undefined || !allowed(order)) throw notFound",
      "if (order === undefined) throw notFound",
    ],
    dies: CANCEL,
    by: "is canceled by any user of its account, and by nobody of another",
  },
  {
    name: "every token opens every order",
    change: [
      'sign(ctx.config.tokenSecret, "order", orderId)',
      'sign(ctx.config.tokenSecret, "order", "")',
    ],
    dies: READING,
    by: NOBODY,
  },
  {
    name: "any token opens an order",
    change: [
      "token !== undefined && (await sameSecret(token, await orderTokenOf(ctx, orderId)))",
      "token !== undefined",
    ],
    dies: READING,
    by: NOBODY,
  },
  {
    name: "whoever is signed in reads every order",
    change: ["return (row) => row.accountId === user.accountId;", "return () => true;"],
    dies: ISOLATION,
  },
  {
    name: "whoever is signed in lists every order",
    change: [': { ...input, accountId: accountOf(ctx) ?? "" };', ": input;"],
    dies: ISOLATION,
  },
  {
    name: "whoever knows an order's id reads it",
    change: [
      "if (row === undefined || !mayRead(row)) throw notFound",
      "if (row === undefined) throw notFound",
    ],
    dies: ISOLATION,
  },
  {
    name: "whoever knows an order's id reads its history",
    change: [
      'if (order === undefined || !mayRead(order)) throw notFound("order");\n  const page',
      'if (order === undefined) throw notFound("order");\n  const page',
    ],
    dies: ISOLATION,
  },
  {
    name: "all of a guest's orders join whoever's account",
    change: [
      ".where(and(eq(orders.email, email), isNull(orders.accountId)));",
      ".where(isNull(orders.accountId));",
    ],
    dies: "test/identity/accounts.test.ts",
  },
  {
    name: "orders of another account join this one",
    change: [
      ".where(and(eq(orders.email, email), isNull(orders.accountId)));",
      ".where(eq(orders.email, email));",
    ],
    dies: "test/identity/accounts.test.ts",
  },
  {
    name: "a list of orders finds other addresses",
    change: [
      "filter.email === undefined ? undefined : eq(orders.email, filter.email),",
      "undefined,",
    ],
    dies: READING,
    by: "is for staff, newest first, and each filter finds exactly its own",
  },
  {
    name: "a list has an item twice",
    change: ["    if (seen.has(sku))\n", "    if (false)\n"],
    dies: PARCELS,
    by: "is refused for more than was bought, for what is not in it, and twice in one list",
  },
  {
    name: "an item that is not in an order is no mistake",
    change: [
      'if (unit === undefined) return [[`items[${i}].sku`, "Is not in this order."]];',
      "if (unit === undefined) return [];",
    ],
    dies: PARCELS,
    by: "is refused for more than was bought, for what is not in it, and twice in one list",
  },
  {
    name: "units of a refund that failed are refunded",
    change: ['    .filter(({ status }) => status !== "failed")\n    .flatMap', "    .flatMap"],
    dies: PARTLY,
    by: "stays fulfilled when the refund fails at the bank, and what it was for can be sent",
  },
  {
    name: "units that came back for a refund that failed are away",
    change: [
      "const back = refunds.flatMap(",
      'const back = refunds.filter(({ status }) => status !== "failed").flatMap(',
    ],
    dies: CANCEL_PAID,
    by: "does not take goods back twice when a refund that brought them has failed",
  },
  {
    name: "units that did not come back are on the shelf",
    change: [".filter(({ restock }) => restock);\n  return order.lines", ";\n  return order.lines"],
    dies: CANCEL_PAID,
    by: "takes all goods back when a refund of some that stayed away has failed",
  },
  {
    name: "what was refunded is left to send",
    change: ["Math.max(0, bought - sent - refunded)", "Math.max(0, bought - sent)"],
    dies: PARCELS,
    by: "leaves out what was refunded",
  },
  {
    name: "what was sent is left to send",
    change: ["Math.max(0, bought - sent - refunded)", "Math.max(0, bought - refunded)"],
    dies: PARCELS,
    by: "in parcels, the last one of what is left",
  },
  {
    name: "an order is sent and nobody is told",
    change: [
      "      insertFulfillmentLines(row, items),\n      told.statement,",
      "      insertFulfillmentLines(row, items),",
    ],
    dies: PARCELS,
    by: "whole, with tracking, is written down and told to its buyer once",
  },
  {
    name: "an order is sent and nobody knows by whom",
    change: [
      '      audit(ctx, "order.fulfilled", order.id, { ...sent, fulfillmentStatus }),\n',
      "",
    ],
    dies: PARCELS,
    by: "whole, with tracking, is written down and told to its buyer once",
  },
  {
    name: "a fulfilled order is one of which a part was sent",
    change: ['complete || fulfillmentStatus === "fulfilled" ?', "complete ?"],
    dies: PARTLY,
    by: "stays fulfilled when the refund fails at the bank, and what it was for can be sent",
  },
  {
    name: "the first parcel fulfils an order",
    change: ['complete || fulfillmentStatus === "fulfilled" ?', "true ?"],
    dies: PARCELS,
    by: "in parcels, the last one of what is left",
  },
  {
    name: "more is sent than is left, and nobody is told how much is",
    change: [
      "if (quantity <= bought - sent) return undefined;",
      "if (quantity <= bought) return undefined;",
    ],
    dies: PARCELS,
    by: "is refused for more than was bought, for what is not in it, and twice in one list",
  },
  {
    name: "a parcel of nothing is sent",
    change: [
      "  if (items.length === 0)\n    throw new AppError",
      "  if (false)\n    throw new AppError",
    ],
    in: "fulfill-order",
    dies: PARCELS,
    by: "in parcels, the last one of what is left",
  },
  {
    name: "a parcel has an item twice",
    change: [
      "items: itemsSchema.superRefine(eachOnce).optional()",
      "items: itemsSchema.optional()",
    ],
    dies: PARCELS,
    by: "is refused for more than was bought, for what is not in it, and twice in one list",
  },
];

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
      "WHEN payment_status IN ('unpaid', 'processing') THEN payment_status",
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
