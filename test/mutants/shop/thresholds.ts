import type { Mutant } from "../mutant.ts";

const THRESHOLDS = "test/inventory/thresholds.test.ts";
const FILES = "test/csv/round-trip.test.ts";

const dying =
  (dies: string) =>
  (name: string, change: Mutant["change"], by: string): Mutant => ({ name, change, dies, by });
const mutant = dying(THRESHOLDS);
const ofFile = dying(FILES);

const AT_ONCE = "follows a changed threshold at once";
const LOWERED = "hears of the fall to a threshold that was lowered";
const SEEN = "is not changed by whoever has seen the level before it was another one";
const NEW = "says from where on it runs low, with its product or after it, and nobody is told";
const IN_A_FILE = "is changed where it is another one, and stays where nothing is said";

/** From where on a SKU runs low. */
export const LOW_STOCK: readonly Mutant[] = [
  mutant(
    "the threshold of one SKU is that of all",
    ["        eq(stockLevels.sku, sku),\n        seen === undefined", "        seen === undefined"],
    "is that of its SKU alone",
  ),
  mutant(
    "a threshold is written over that somebody else has changed",
    [": sql`${asSeen} IN", ": sql`1 OR ${asSeen} IN"],
    SEEN,
  ),
  {
    ...mutant(
      "a threshold that is not changed is said to be",
      ["  if (changed.length === 0) {", "  if (changed.length > 1) {"],
      SEEN,
    ),
    in: "inventory/change-level",
  },
  mutant(
    "a changed threshold is not written down",
    ['auditIfChanged(ctx, "stock.threshold_updated", sku, changes)', "findLevel(sku)"],
    "is changed, answered with the level, and written down",
  ),
  mutant(
    "the word of the stock is of the threshold before",
    [
      "AFTER UPDATE ON stock_levels\nWHEN CASE",
      "AFTER UPDATE OF on_hand ON stock_levels\nWHEN CASE",
    ],
    AT_ONCE,
  ),
  mutant(
    "how many are left is told by the threshold before",
    ["AFTER UPDATE ON stock_levels\nWHEN iif", "AFTER UPDATE OF on_hand ON stock_levels\nWHEN iif"],
    AT_ONCE,
  ),
  {
    ...mutant(
      "a threshold that is raised is a fall of stock",
      [
        "CREATE TRIGGER stock_levels_fall AFTER UPDATE OF on_hand, reserved ON stock_levels",
        "CREATE TRIGGER stock_levels_fall AFTER UPDATE ON stock_levels",
      ],
      "hears nothing of a threshold that is raised",
    ),
    in: "shop_settings_guards",
  },
  mutant(
    "the operators are not told of the fall to another threshold",
    ["sql`${fillings} + (${lowStockThreshold} <> ${threshold})`", "sql`${fillings}`"],
    LOWERED,
  ),
  mutant(
    "the operators are told again for a threshold that was not changed",
    ["sql`${fillings} + (${lowStockThreshold} <> ${threshold})`", "sql`${fillings} + 1`"],
    LOWERED,
  ),
  mutant(
    "a new product's variants have no threshold of their own",
    ["        ...setThresholds(input.variants),\n", ""],
    NEW,
  ),
  mutant(
    "a new variant has no threshold of its own",
    ["        ...setThresholds([variant]),\n", ""],
    NEW,
  ),
  mutant(
    "the threshold of a new variant is that of all",
    [" AS said WHERE stock_levels.sku = said.value ->> 'sku'", " AS said"],
    NEW,
  ),
  ofFile(
    "an import changes no threshold",
    ["AND l.sku = r.sku AND ${thresholdDiffers}", "AND l.sku = r.sku AND 0"],
    IN_A_FILE,
  ),
  ofFile(
    "a threshold that an import changes is not counted",
    ["<> l.on_hand OR ${thresholdDiffers},", "<> l.on_hand,"],
    IN_A_FILE,
  ),
  ofFile(
    "an empty cell is a threshold",
    ['(cell === "" ? undefined : cell)', '(cell === "" ? "0" : cell)'],
    IN_A_FILE,
  ),
  ofFile(
    "an import judges what falls by the threshold before",
    ["<> l.on_hand ORDER BY r.line`),\n  ];", "<> l.on_hand ORDER BY r.line`),\n  ].reverse();"],
    "judges what falls by the same line",
  ),
  ofFile(
    "the operators are not told of the fall to the threshold of a file",
    [
      "fillings = fillings + 1\n      FROM import_rows",
      "fillings = fillings\n      FROM import_rows",
    ],
    "is another one for the operators, who hear of the next fall to it",
  ),
];
