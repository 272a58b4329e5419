import type { Mutant } from "../mutant.ts";

const CANCEL_PAID = "test/checkout/cancel-paid.test.ts";
const SENDING = "test/orders/fulfillments.test.ts";
const PARTLY = "test/orders/partly-sent.test.ts";

/** Units that were sent, refunded and came back. */
export const UNITS: readonly Mutant[] = [
  {
    name: "a list has an item twice",
    change: ["    if (seen.has(sku))\n", "    if (false)\n"],
    dies: SENDING,
    by: "is refused for more than was bought, for what is not in it, and twice in one list",
  },
  {
    name: "an item that is not in an order is no mistake",
    change: [
      'if (unit === undefined) return [[`items[${i}].sku`, "Is not in this order."]];',
      "if (unit === undefined) return [];",
    ],
    dies: SENDING,
    by: "is refused for more than was bought, for what is not in it, and twice in one list",
  },
  {
    name: "units of a refund that failed are refunded",
    change: [
      `linesOf(order.refunds.filter(({ status }) => status !== "failed"))`,
      "linesOf(order.refunds)",
    ],
    dies: "test/checkout/cancel-paid.test.ts",
    by: "takes all goods back when a refund of some that stayed away has failed",
  },
  {
    name: "units that came back for a refund that failed are away",
    change: [
      `status === "failed" ? restock === "cancel" : true,`,
      `status !== "failed" && restock !== undefined,`,
    ],
    dies: CANCEL_PAID,
    by: "does not take goods back twice when a refund that brought them has failed",
  },
  {
    name: "what was canceled has come back",
    change: [
      `linesOf(order.refunds, (_, { restock }) => restock === "return")`,
      "linesOf(order.refunds)",
    ],
    dies: "test/orders/owed.test.ts",
    by: "and what was canceled has not come back: what was sent still can",
  },
  {
    name: "what was refunded is left to send",
    change: [
      "owed: bought - count(sent, sku) - count(unsent, sku),",
      "owed: bought - count(sent, sku),",
    ],
    dies: SENDING,
    by: "leaves out what was refunded",
  },
  {
    name: "what was sent is left to send",
    change: [
      "owed: bought - count(sent, sku) - count(unsent, sku),",
      "owed: bought - count(unsent, sku),",
    ],
    dies: SENDING,
    by: "in parcels, the last one of what is left",
  },
  {
    name: "an order is sent and nobody is told",
    change: ["const promised = [told, ...", "const promised = [...[told].slice(1), ..."],
    dies: SENDING,
    by: "whole, with tracking, is written down and told to its buyer once",
  },
  {
    name: "an order is sent and nobody knows by whom",
    change: [
      '      audit(ctx, "order.fulfilled", order.id, { ...sent, fulfillmentStatus }),\n',
      "",
    ],
    dies: SENDING,
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
    dies: SENDING,
    by: "in parcels, the last one of what is left",
  },
  {
    name: "more is sent than is left, and nobody is told how much is",
    change: [
      "if (quantity <= owed) return undefined;",
      "if (quantity <= bought) return undefined;",
    ],
    dies: SENDING,
    by: "is refused for more than was bought, for what is not in it, and twice in one list",
  },
  {
    name: "a parcel of nothing is sent",
    change: [
      "  if (items.length === 0)\n    throw new AppError",
      "  if (false)\n    throw new AppError",
    ],
    in: "fulfill-order",
    dies: SENDING,
    by: "in parcels, the last one of what is left",
  },
  {
    name: "a parcel has an item twice",
    change: [
      "items: itemsSchema.superRefine(eachOnce).optional()",
      "items: itemsSchema.optional()",
    ],
    dies: SENDING,
    by: "is refused for more than was bought, for what is not in it, and twice in one list",
  },
];
