import type { Mutant } from "../mutant.ts";

const LEVELS = "test/inventory/levels.test.ts";

const LEDGER = "test/inventory/ledger.test.ts";

const HOLDS = "test/inventory/reservations.test.ts";

const BY_HAND = "test/inventory/by-hand.test.ts";

/** A kind of movement whose deltas may be anything. */
const shape = (kind: string, from: string, to: string): Mutant => ({
  name: `a movement of kind ${kind} with ${to === "" ? "" : "only "}half of its shape: without ${from}`,
  change: [from, to],
  after: `WHEN '${kind}' THEN `,
  dies: LEDGER,
  by: "takes no row whose deltas do not fit its kind",
});

/** Levels and the ledger. `stock_on_hand_not_negative` says nothing that the other two checks do not. */
export const STOCK: readonly Mutant[] = [
  {
    name: "more is held than there is",
    change: [`CHECK("stock_levels"."reserved" <= "stock_levels"."on_hand")`, "CHECK(1)"],
    dies: HOLDS,
    by: "takes nothing at all when one item is short",
  },
  {
    name: "less than nothing is held",
    change: [`CHECK("stock_levels"."reserved" >= 0)`, "CHECK(1)"],
    dies: LEDGER,
    by: "takes no release of what nobody holds",
  },
  {
    name: "stock is low at less than nothing",
    change: [`CHECK("stock_levels"."low_stock_threshold" >= 0)`, "CHECK(1)"],
    dies: LEVELS,
    by: "cannot be oversold or made negative, not even by hand",
  },
  {
    name: "a level may be a text",
    change: [") STRICT;", ");"],
    after: `CONSTRAINT "stock_threshold_not_negative"`,
    dies: LEVELS,
    by: "cannot be oversold or made negative, not even by hand",
  },
  {
    name: "a level may lose its variant",
    change: [
      "FOREIGN KEY (`sku`) REFERENCES `stock_levels`(`sku`) ON UPDATE no action ON DELETE no action,",
      "",
    ],
    after: "CREATE TABLE `stock_movements`",
    dies: LEDGER,
    by: "of a SKU that does not exist is not found, and leaves nothing",
  },
  shape("receive", `"stock_movements"."on_hand_delta" > 0`, "1"),
  shape("receive", `"stock_movements"."reserved_delta" = 0`, "1"),
  shape("return", `"stock_movements"."on_hand_delta" > 0`, "1"),
  shape("return", `"stock_movements"."reserved_delta" = 0`, "1"),
  shape("damage", `"stock_movements"."on_hand_delta" < 0`, "1"),
  shape("damage", `"stock_movements"."reserved_delta" = 0`, "1"),
  shape("adjust", `"stock_movements"."on_hand_delta" <> 0`, "1"),
  shape("adjust", `"stock_movements"."reserved_delta" = 0`, "1"),
  shape("reserve", `"stock_movements"."on_hand_delta" = 0`, "1"),
  shape("reserve", `"stock_movements"."reserved_delta" > 0`, "1"),
  shape("release", `"stock_movements"."on_hand_delta" = 0`, "1"),
  shape("release", `"stock_movements"."reserved_delta" < 0`, "1"),
  shape("sale", `"stock_movements"."on_hand_delta" < 0`, "1"),
  shape(
    "sale",
    `"stock_movements"."reserved_delta" IN (0, "stock_movements"."on_hand_delta")`,
    "1",
  ),
  {
    name: "a movement of a kind that there is not",
    change: [
      "ELSE 0 END)\n) STRICT;\n--> statement-breakpoint\nCREATE INDEX `movements_of_sku`",
      "ELSE 1 END)\n) STRICT;\n--> statement-breakpoint\nCREATE INDEX `movements_of_sku`",
    ],
    dies: LEDGER,
    by: "takes no row whose deltas do not fit its kind",
  },
  {
    name: "a new variant has no level",
    change: ["INSERT INTO stock_levels (sku, updated_at) VALUES (NEW.sku, NEW.created_at);", ""],
    dies: LEDGER,
    by: "of kind receive",
  },
  {
    name: "opening stock is no row of the ledger",
    change: [
      "'Opening stock', 'system', NEW.created_at WHERE NEW.opening_stock > 0",
      "'Opening stock', 'system', NEW.created_at WHERE 0",
    ],
    dies: LEDGER,
    by: "adds up to the level after any history",
  },
  {
    name: "a new variant without stock receives nothing",
    change: [
      "'Opening stock', 'system', NEW.created_at WHERE NEW.opening_stock > 0",
      "'Opening stock', 'system', NEW.created_at",
    ],
    dies: LEVELS,
    by: "shows what runs low when asked, and counts it",
  },
  {
    name: "the ledger moves no stock",
    change: ["SET on_hand = on_hand + NEW.on_hand_delta, reserved", "SET reserved"],
    dies: LEDGER,
    by: "adds up to the level after any history",
  },
  {
    name: "the ledger holds no stock",
    change: ["reserved = reserved + NEW.reserved_delta, updated_at", "updated_at"],
    dies: HOLDS,
    by: "of 5 units and 50 buyers at once sells exactly 5",
  },
  {
    name: "a movement moves every level",
    change: ["updated_at = NEW.created_at\n  WHERE sku = NEW.sku;", "updated_at = NEW.created_at;"],
    dies: BY_HAND,
    by: "takes its stock line by line",
  },
  {
    name: "what is received counts as sold",
    change: [
      "AFTER INSERT ON stock_movements WHEN NEW.kind = 'sale' BEGIN",
      "AFTER INSERT ON stock_movements BEGIN",
    ],
    dies: BY_HAND,
    by: "counts what is sold for its product, and for no other",
  },
  {
    name: "a sale counts for every product",
    change: ["\n  WHERE id = (SELECT product_id FROM variants WHERE sku = NEW.sku);", ";"],
    dies: BY_HAND,
    by: "counts what is sold for its product, and for no other",
  },
  {
    name: "the ledger is rewritten",
    change: [
      "BEFORE UPDATE ON stock_movements BEGIN",
      "BEFORE UPDATE ON stock_movements WHEN 0 BEGIN",
    ],
    dies: LEDGER,
    by: "cannot be rewritten, not even by hand",
  },
  {
    name: "rows of the ledger are deleted",
    change: [
      "WHEN OLD.kind NOT IN ('reserve', 'release') OR OLD.reservation_id IS NULL\n  OR EXISTS (SELECT 1 FROM reservations WHERE id = OLD.reservation_id)",
      "WHEN 0",
    ],
    dies: LEDGER,
    by: "cannot be rewritten, not even by hand",
  },
  {
    name: "a row of the ledger is replaced",
    change: ["WHEN NEW.seq IS NOT NULL AND EXISTS", "WHEN 0 AND EXISTS"],
    dies: BY_HAND,
    by: "does not write over a row that is there",
  },
  {
    name: "shoppers are told yesterday's word",
    change: [
      "AFTER UPDATE ON stock_levels\nWHEN CASE",
      "AFTER UPDATE ON stock_levels\nWHEN 0 AND CASE",
    ],
    dies: LEVELS,
    by: "tells shoppers one word, which follows every change",
  },
  {
    name: "the word for what is left counts what others hold",
    change: [
      "UPDATE variants SET availability = CASE WHEN NEW.on_hand - NEW.reserved <= 0",
      "UPDATE variants SET availability = CASE WHEN NEW.on_hand <= 0",
    ],
    dies: LEVELS,
    by: "tells shoppers one word, which follows every change",
  },
  {
    name: "the word of one SKU is that of all",
    change: [
      "THEN 'low' ELSE 'in_stock' END\n  WHERE sku = NEW.sku;",
      "THEN 'low' ELSE 'in_stock' END;",
    ],
    dies: BY_HAND,
    by: "is that of its SKU alone",
  },
];
