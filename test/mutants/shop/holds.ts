import type { Mutant } from "../mutant.ts";

const LEDGER = "test/inventory/ledger.test.ts";

const HOLDING = "test/inventory/reservations.test.ts";

const BY_HAND = "test/inventory/by-hand.test.ts";

/** Holds, and what comes back of them. */
export const HOLDS: readonly Mutant[] = [
  {
    name: "a hold of no units",
    change: [`CHECK("reservation_lines"."quantity" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of no units is refused",
  },
  {
    name: "a hold has one SKU twice",
    change: ["PRIMARY KEY(`reservation_id`, `sku`),", ""],
    dies: BY_HAND,
    by: "of one SKU twice is refused",
  },
  {
    name: "a line without a hold",
    change: [
      "FOREIGN KEY (`reservation_id`) REFERENCES `reservations`(`id`) ON UPDATE no action ON DELETE no action,\n\tFOREIGN KEY (`sku`)",
      "FOREIGN KEY (`sku`)",
    ],
    dies: BY_HAND,
    by: "without a hold around it is refused",
  },
  {
    name: "a hold in a state that there is not",
    change: [
      `CHECK("reservations"."status" IN ('held', 'committed', 'released', 'expired'))`,
      "CHECK(1)",
    ],
    dies: "test/platform/states.test.ts",
    by: "reservation takes no state that is not in its table",
  },
  {
    name: "a hold is over and does not say since when",
    change: [
      `CHECK(("reservations"."status" = 'held') = ("reservations"."ended_at" IS NULL))`,
      "CHECK(1)",
    ],
    dies: BY_HAND,
    by: "that has ended at no time is refused",
  },
  {
    name: "one order takes over two holds",
    change: ["CREATE UNIQUE INDEX `reservations_order`", "CREATE INDEX `reservations_order`"],
    dies: BY_HAND,
    by: "becomes one order, and no second one has it",
  },
  {
    name: "what is not for sale can be held",
    change: [
      "WHERE v.sku = NEW.sku AND p.status = 'active'\n)\nBEGIN",
      "WHERE v.sku = NEW.sku\n)\nBEGIN",
    ],
    dies: HOLDING,
    by: "is refused for each of them by itself, too",
  },
  {
    name: "what is for sale lets everything be held",
    change: [
      "WHERE v.sku = NEW.sku AND p.status = 'active'\n)\nBEGIN",
      "WHERE p.status = 'active'\n)\nBEGIN",
    ],
    dies: BY_HAND,
    by: "of a SKU that there is not is refused",
  },
  {
    name: "a hold takes nothing",
    change: ["SELECT NEW.sku, 'reserve', 0, NEW.quantity,", "SELECT NEW.sku, 'reserve', 0, 1,"],
    in: "shop_settings_guards",
    dies: BY_HAND,
    by: "takes its stock line by line",
  },
  {
    name: "a line takes its stock once for every hold",
    change: ["FROM reservations r WHERE r.id = NEW.reservation_id;", "FROM reservations r;"],
    in: "shop_settings_guards",
    after: "CREATE TRIGGER reservation_lines_hold",
    dies: HOLDING,
    by: "of 5 units and 50 buyers at once sells exactly 5",
  },
  {
    name: "a hold that ends twice frees its stock twice",
    change: [
      "WHEN OLD.status = 'held' AND NEW.status <> 'held'\nBEGIN",
      "WHEN NEW.status <> 'held'\nBEGIN",
    ],
    dies: BY_HAND,
    by: "does so once, however often its end is written",
  },
  {
    name: "a hold that goes on frees its stock",
    change: [
      "WHEN OLD.status = 'held' AND NEW.status <> 'held'\nBEGIN",
      "WHEN OLD.status = 'held'\nBEGIN",
    ],
    dies: BY_HAND,
    by: "that is written as held again stays held",
  },
  {
    name: "a sale takes nothing off the shelf",
    change: ["CASE NEW.status WHEN 'committed' THEN -l.quantity ELSE 0 END,", "0,"],
    dies: BY_HAND,
    by: "turns into a sale or into free stock in the moment in which it ends",
  },
  {
    name: "a hold that is over keeps its stock",
    change: ["    -l.quantity,\n", "    0,\n"],
    dies: BY_HAND,
    by: "turns into a sale or into free stock in the moment in which it ends",
  },
  {
    name: "the end of one hold frees the goods of all",
    change: [
      "FROM reservation_lines l WHERE l.reservation_id = NEW.id;",
      "FROM reservation_lines l;",
    ],
    dies: BY_HAND,
    by: "does so once, however often its end is written",
  },
  {
    name: "what a hold was for is rewritten",
    change: [
      "BEFORE UPDATE ON reservation_lines\nWHEN NEW.quantity",
      "BEFORE UPDATE OF sku ON reservation_lines\nWHEN NEW.quantity",
    ],
    dies: LEDGER,
    by: "cannot be rewritten, not even by hand",
  },
  {
    name: "what a hold was for is deleted",
    change: [
      "BEFORE DELETE ON reservation_lines\nWHEN EXISTS",
      "BEFORE DELETE ON reservation_lines\nWHEN 0 AND EXISTS",
    ],
    in: "shop_settings_guards",
    dies: LEDGER,
    by: "cannot be rewritten, not even by hand",
  },
  {
    name: "more comes back than was sold",
    change: ["WHEN NEW.kind = 'return' AND NEW.order_id IS NOT NULL AND", "WHEN 0 AND"],
    dies: BY_HAND,
    by: "does not take back more than was sold",
  },
  {
    name: "goods of no order are held against the sales of none",
    change: [
      "WHEN NEW.kind = 'return' AND NEW.order_id IS NOT NULL AND NEW.on_hand_delta",
      "WHEN NEW.kind = 'return' AND NEW.on_hand_delta",
    ],
    dies: BY_HAND,
    by: "takes back what nobody has written down an order for",
  },
  {
    name: "what came back before does not count",
    change: ["kind IN ('sale', 'return')) > 0", "kind IN ('sale')) > 0"],
    dies: BY_HAND,
    by: "does not take back in parts more than was sold",
  },
  {
    name: "one SKU comes back for the other",
    change: [
      "WHERE order_id = NEW.order_id AND sku = NEW.sku AND kind IN",
      "WHERE order_id = NEW.order_id AND kind IN",
    ],
    dies: BY_HAND,
    by: "does not take back more of one SKU, though less of the other",
  },
  {
    name: "goods of one order come back for another",
    change: [
      "WHERE order_id = NEW.order_id AND sku = NEW.sku AND kind IN",
      "WHERE sku = NEW.sku AND kind IN",
    ],
    dies: BY_HAND,
    by: "does not take back something of an order that was never sold",
  },
];
