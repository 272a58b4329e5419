import { DISCOUNTS } from "./discounts.ts";
import { MONEY } from "./money.ts";
import type { Mutant } from "./mutant.ts";
import { ORDERS } from "./orders.ts";
import { STOCK } from "./stock.ts";

/** Every mutant, by what it is about. */
export const TABLE: readonly Mutant[] = [...STOCK, ...ORDERS, ...MONEY, ...DISCOUNTS];
