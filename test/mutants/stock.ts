import type { Mutant } from "./mutant.ts";

/** Stock, its ledger and holds. */
export const STOCK: readonly Mutant[] = [
  {
    name: "more can be held than there is",
    change: [`CHECK("stock_levels"."reserved" <= "stock_levels"."on_hand")`, "CHECK(1)"],
    dies: "test/inventory/reservations.test.ts",
    by: "takes nothing at all when one item is short",
  },
];
