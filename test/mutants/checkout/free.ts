import type { Mutant } from "../mutant.ts";

const CHECKOUT_FREE_ORDERS = "test/checkout/free-orders.test.ts";
const TOTALS = "test/checkout/totals.test.ts";

/** Orders that have nothing to pay. */
export const FREE_ORDERS: readonly Mutant[] = [
  {
    name: "an order with nothing to pay is sent to Stripe",
    change: ["if (order.total === 0) return over", "if (order.total === -1) return over"],
    dies: CHECKOUT_FREE_ORDERS,
    by: "is paid at once, without a page at Stripe, and with all that follows",
  },
  {
    name: "an order with nothing to pay is paid when its hold is over",
    change: [
      "return over ? answerEnded(ctx, use) : finishFree(ctx, attempt);",
      "return finishFree(ctx, attempt);",
    ],
    dies: CHECKOUT_FREE_ORDERS,
    by: "is not sold by a retry once its hold is over, before the sweep has come",
  },
  {
    name: "an order with nothing to pay has a payment of nothing",
    change: ["    WHERE id = ${p.orderId} AND total > 0`", "    WHERE id = ${p.orderId}`"],
    dies: CHECKOUT_FREE_ORDERS,
    by: "is paid at once, without a page at Stripe, and with all that follows",
  },
  {
    name: "a free order's hold is no sale",
    change: ['    endReservation(order.reservationId, "committed", ctx.now()),\n', ""],
    in: "sell-free",
    dies: CHECKOUT_FREE_ORDERS,
    by: "is paid at once, without a page at Stripe, and with all that follows",
  },
  {
    name: "a free order has no receipt",
    change: [
      "joinSteps({ statements, promised: [] }, tellOfSale(ctx, order));",
      "joinSteps({ statements, promised: [] });",
    ],
    in: "sell-free",
    dies: CHECKOUT_FREE_ORDERS,
    by: "is paid at once, without a page at Stripe, and with all that follows",
  },
  {
    name: "a free order whose hold was given back meanwhile is an error of ours",
    change: [
      "if (!refusedBy(error, ORDER_CHANGED)) throw error;\n    // Another try",
      "throw error;\n    // Another try",
    ],
    dies: CHECKOUT_FREE_ORDERS,
    by: "is not sold out of a hold that is given back meanwhile",
  },
  {
    name: "a free order of nobody in particular",
    change: [
      "if (email === null || missing !== undefined) return keepHold(ctx, attempt, missing ?? noEmail());",
      "if (email === null) return keepHold(ctx, attempt, missing ?? noEmail());",
    ],
    dies: CHECKOUT_FREE_ORDERS,
    by: "is asked for by the checkout: where the goods go, in a shop that delivers",
  },
  {
    name: "whoever is signed in is asked for their address",
    change: [
      "const email = order.email ?? (await ownEmail(ctx));",
      "const email = order.email ?? ((await ownEmail(ctx)) === null ? null : null);",
    ],
    dies: CHECKOUT_FREE_ORDERS,
    by: "is known of whoever is signed in",
  },
  {
    name: "goods that need a parcel go nowhere",
    change: ["order.paymentTerms.countries.length > 0 && order.shippingAddress === null", "false"],
    dies: CHECKOUT_FREE_ORDERS,
    by: "is asked for by the checkout: where the goods go, in a shop that delivers",
  },
  {
    name: "a free order cannot be refunded",
    change: [
      `if (payment === undefined) return order.status === "paid" ? nothingPaid(order) : undefined;`,
      "if (payment === undefined) return undefined;",
    ],
    dies: CHECKOUT_FREE_ORDERS,
    by: "has a refund of nothing, which takes its units back",
  },
  {
    name: "a free order's units stay away",
    change: ["if (isFree && items.length > 0) return { money: left, items };", ""],
    dies: CHECKOUT_FREE_ORDERS,
    by: "has a refund of nothing, which takes its units back",
  },
  {
    name: "a code for everything leaves a delivery that nobody chose",
    change: [
      "iif(orders.subtotal = ${off} AND ${least} = 0, 0, orders.shipping)",
      "orders.shipping",
    ],
    dies: TOTALS,
    by: "that are free leave nothing to pay beside a code for everything, and are the way it goes",
  },
  {
    name: "a delivery that costs something is free with a code for everything",
    change: [
      "iif(orders.subtotal = ${off} AND ${least} = 0, 0, orders.shipping)",
      "iif(orders.subtotal = ${off}, 0, orders.shipping)",
    ],
    dies: TOTALS,
    by: "that cost something are to be paid beside a code for everything",
  },
  {
    name: "a free order is paid without a payment, says the audit",
    change: ["AND +o.status = 'paid' AND o.total > 0", "AND o.status = 'paid'"],
    dies: CHECKOUT_FREE_ORDERS,
    by: "is paid at once, without a page at Stripe, and with all that follows",
  },
];
