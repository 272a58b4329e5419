import type { Mutant } from "../mutant.ts";

const AGAIN = "test/orders/receipt-again.test.ts";
const PAGE = "test/orders/receipt-page.test.ts";
const OFTEN = "is sent five times an hour at most, however many ask at once";
const READERS = "for whoever may not read the order";

const receipt = (
  name: string,
  change: readonly [string, string],
  [dies, by]: readonly [string, string],
): Mutant => ({ name: `receipts: ${name}`, change, dies, by });

/** Who gets a receipt, of what, and how often. */
export const RECEIPTS: readonly Mutant[] = [
  {
    ...receipt(
      "its days are not the shop's",
      ["timeZone: config.timeZone,", 'timeZone: "UTC",'],
      [PAGE, "says the days by the shop's clocks"],
    ),
    in: "receipts/receipt",
  },
  {
    ...receipt(
      "one is sent of an order that is not paid",
      ['if (order.status !== "paid")', "if (false)"],
      [AGAIN, "is of a paid order with somebody to write to"],
    ),
    in: "send-receipt",
  },
  {
    ...receipt(
      "one is promised to nobody",
      ["if (email === null)", "if (false)"],
      [AGAIN, "is of a paid order with somebody to write to"],
    ),
    in: "send-receipt",
  },
  receipt(
    "they are sent as often as somebody likes",
    ["type = 'receipt.requested' AND created_at > NEW.created_at - 3600000) >= 5", "0) >= 5"],
    [AGAIN, OFTEN],
  ),
  receipt(
    "six are sent",
    ["NEW.created_at - 3600000) >= 5", "NEW.created_at - 3600000) > 5"],
    [AGAIN, OFTEN],
  ),
  receipt(
    "the hour never ends",
    ["created_at > NEW.created_at - 3600000) >= 5", "1) >= 5"],
    [AGAIN, OFTEN],
  ),
  receipt(
    "those of all orders count together",
    [
      "WHERE order_id = NEW.order_id AND type = 'receipt.requested'",
      "WHERE type = 'receipt.requested'",
    ],
    [AGAIN, OFTEN],
  ),
  {
    ...receipt(
      "anybody reads them",
      ["if (order === undefined || !mayRead(order))", "if (order === undefined)"],
      [PAGE, READERS],
    ),
    in: "read-receipt",
  },
  receipt(
    "there is one of an order that is not paid",
    ["AND type = 'order.paid' LIMIT 1", "LIMIT 1"],
    [PAGE, "of an order that is not paid, and the page says when there will be one"],
  ),
];
