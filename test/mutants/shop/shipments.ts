import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/orders/by-hand.test.ts";

/** No unit is sent that was not bought, or twice. */
export const SHIPMENTS: readonly Mutant[] = [
  {
    name: "a shipment of no units",
    change: [`CHECK("fulfillment_lines"."quantity" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "is not of no units",
  },
  {
    name: "a shipment has one SKU twice",
    change: ["PRIMARY KEY(`fulfillment_id`, `sku`),", ""],
    dies: BY_HAND,
    by: "is not of one SKU twice",
  },
  {
    name: "something is sent that was not bought",
    change: [
      ",\n\tFOREIGN KEY (`order_id`,`sku`) REFERENCES `order_lines`(`order_id`,`sku`) ON UPDATE no action ON DELETE no action",
      "",
    ],
    after: "CREATE TABLE `fulfillment_lines`",
    dies: BY_HAND,
    by: "is not of what was not bought",
  },
  {
    name: "an order is sent that is not paid",
    change: ["WHEN (SELECT status FROM orders WHERE id = NEW.order_id) <> 'paid'", "WHEN 0"],
    dies: BY_HAND,
    by: "is of a paid order, whatever others are",
  },
  {
    name: "an order is not sent while another is not paid",
    change: [
      "WHEN (SELECT status FROM orders WHERE id = NEW.order_id) <> 'paid'",
      "WHEN EXISTS (SELECT 1 FROM orders WHERE status <> 'paid')",
    ],
    dies: BY_HAND,
    by: "is of a paid order, whatever others are",
  },
  {
    name: "more is sent than was bought",
    change: ["WHEN NEW.quantity > (SELECT owed", "WHEN 0 > (SELECT owed"],
    after: "CREATE TRIGGER fulfillment_lines_within_owed",
    dies: "test/orders/fulfillments.test.ts",
    by: "keeps the database's own count: no unit is sent that was not bought",
  },
  {
    name: "what was sent before does not count",
    change: [
      "- (SELECT coalesce(sum(f.quantity), 0) FROM fulfillment_lines f",
      "- (SELECT 0 FROM fulfillment_lines f",
    ],
    dies: BY_HAND,
    by: "is not of more than is left",
  },
  {
    name: "what was sent of one order counts for all",
    change: [
      "FROM fulfillment_lines f WHERE f.order_id = l.order_id AND f.sku = l.sku)\n    - (",
      "FROM fulfillment_lines f WHERE f.sku = l.sku)\n    - (",
    ],
    dies: BY_HAND,
    by: "of one order counts for no other",
  },
  {
    name: "what was sent of one SKU counts for all",
    change: [
      "FROM fulfillment_lines f WHERE f.order_id = l.order_id AND f.sku = l.sku)\n    - (",
      "FROM fulfillment_lines f WHERE f.order_id = l.order_id)\n    - (",
    ],
    dies: BY_HAND,
    by: "of one SKU counts for no other",
  },
  {
    name: "as many of one SKU are sent as were bought of another",
    change: [
      "WHEN NEW.quantity > (SELECT owed FROM owed_units WHERE order_id = NEW.order_id AND sku = NEW.sku)",
      "WHEN NEW.quantity > (SELECT max(owed) FROM owed_units WHERE order_id = NEW.order_id)",
    ],
    dies: BY_HAND,
    by: "is not of more of one SKU, as there is of the other",
  },
  {
    name: "what was sent is rewritten",
    change: [
      "BEFORE UPDATE ON fulfillment_lines BEGIN",
      "BEFORE UPDATE ON fulfillment_lines WHEN 0 BEGIN",
    ],
    dies: BY_HAND,
    by: "is not of another number",
  },
  {
    name: "what was sent is deleted",
    change: [
      "BEFORE DELETE ON fulfillment_lines BEGIN",
      "BEFORE DELETE ON fulfillment_lines WHEN 0 BEGIN",
    ],
    dies: BY_HAND,
    by: "is not of nothing any more",
  },
];
