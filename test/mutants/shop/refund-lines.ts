import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/payments/by-hand.test.ts";

const LINES = "CREATE TRIGGER refund_lines_within_order";

/**
 * What a refund is for. That no unit comes back to the shelf twice is held by the ledger itself (`stock_movements_return_sold`),
 * so the second half of `refund_lines_within_order` only says it earlier, in the same word.
 */
export const REFUND_LINES: readonly Mutant[] = [
  {
    name: "a refund of no units",
    change: [`CHECK("refund_lines"."quantity" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "is not no units",
  },
  {
    name: "units leave what is owed otherwise than the refund says",
    change: [
      `WHEN 'cancel' THEN "refund_lines"."unsent" = "refund_lines"."quantity"`,
      "WHEN 'cancel' THEN 1",
    ],
    dies: "test/orders/owed.test.ts",
    by: "in the database's own count, whoever writes",
  },
  {
    name: "a refund has one SKU twice",
    change: ["PRIMARY KEY(`refund_id`, `sku`),", ""],
    dies: BY_HAND,
    by: "What a refund is for, whoever writes it > is not one SKU twice",
  },
  {
    name: "a refund of what was not bought",
    change: [
      ",\n\tFOREIGN KEY (`order_id`,`sku`) REFERENCES `order_lines`(`order_id`,`sku`) ON UPDATE no action ON DELETE no action",
      "",
    ],
    after: "CREATE TABLE `refund_lines`",
    dies: BY_HAND,
    by: "is not what was not bought",
  },
  {
    name: "more units are refunded than were bought",
    change: ["AND NEW.quantity + (", "AND 0 * ("],
    after: LINES,
    dies: BY_HAND,
    by: "is not more than was bought and sent",
  },
  {
    name: "units are refunded twice",
    change: ["coalesce(sum(x.quantity), 0)", "0"],
    after: LINES,
    dies: BY_HAND,
    by: "is not what another refund is for, of units that were sent",
  },
  {
    name: "units of a refund that has failed are never refunded",
    change: ["AND r.status <> 'failed') > l.quantity", ") > l.quantity"],
    dies: BY_HAND,
    by: "leaves what a refund was for that has failed",
  },
  {
    name: "units refunded in one order count in all",
    change: [
      "WHERE x.order_id = NEW.order_id AND x.sku = NEW.sku AND r.status",
      "WHERE x.sku = NEW.sku AND r.status",
    ],
    dies: BY_HAND,
    by: "in one order is nothing in another",
  },
  {
    name: "units refunded of one SKU count for all",
    change: [
      "WHERE x.order_id = NEW.order_id AND x.sku = NEW.sku AND r.status",
      "WHERE x.order_id = NEW.order_id AND r.status",
    ],
    dies: BY_HAND,
    by: "is what was bought, each unit once",
  },
  {
    name: "as many of one SKU are refunded as were bought of another",
    change: [
      "WHERE l.order_id = NEW.order_id AND l.sku = NEW.sku AND NEW.quantity",
      "WHERE l.order_id = NEW.order_id AND NEW.quantity",
    ],
    dies: BY_HAND,
    by: "is what was bought, each unit once",
  },
  {
    name: "as many are refunded in one order as were bought in another",
    change: [
      "WHERE l.order_id = NEW.order_id AND l.sku = NEW.sku AND NEW.quantity",
      "WHERE l.sku = NEW.sku AND NEW.quantity",
    ],
    dies: BY_HAND,
    by: "in one order is nothing in another",
  },
  {
    name: "what comes back is not on the shelf",
    change: [
      "AFTER INSERT ON refund_lines WHEN NEW.restock <> 'none' BEGIN",
      "AFTER INSERT ON refund_lines WHEN 0 BEGIN",
    ],
    dies: BY_HAND,
    by: "comes back to the shelf where it says so, and only there",
  },
  {
    name: "what does not come back is on the shelf",
    change: [
      "AFTER INSERT ON refund_lines WHEN NEW.restock <> 'none' BEGIN",
      "AFTER INSERT ON refund_lines BEGIN",
    ],
    dies: BY_HAND,
    by: "comes back to the shelf where it says so, and only there",
  },
  {
    name: "what comes back comes once for every refund",
    change: ["FROM refunds r WHERE r.id = NEW.refund_id;", "FROM refunds r;"],
    dies: BY_HAND,
    by: "comes back to the shelf where it says so, and only there",
  },
  {
    name: "what was refunded is rewritten",
    change: ["BEFORE UPDATE ON refund_lines BEGIN", "BEFORE UPDATE ON refund_lines WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "What a refund is for, whoever writes it > is not another number",
  },
  {
    name: "what was refunded is deleted",
    change: ["BEFORE DELETE ON refund_lines BEGIN", "BEFORE DELETE ON refund_lines WHEN 0 BEGIN"],
    dies: BY_HAND,
    by: "What a refund is for, whoever writes it > is not nothing any more",
  },
];
