import type { Mutant } from "./mutant.ts";
import { STOCK } from "./stock.ts";

/** Every mutant, by what it is about. */
export const TABLE: readonly Mutant[] = [...STOCK];
