import type { ImportKind } from "../job.ts";
import { judgeLevel } from "./judge-level.ts";
import { judgeVariant } from "./judge-variant.ts";
import type { Cells, Judged } from "./judged.ts";

interface Sheet {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Columns of which there are all or none. */
  readonly together: readonly (readonly string[])[];
  readonly judge: (cells: Cells, now: number) => Judged;
}

export const SHEETS: Readonly<Record<ImportKind, Sheet>> = {
  products: {
    required: ["slug", "title", "sku", "variantTitle", "price", "currency"],
    optional: [
      ...["description", "status", "opensAt", "closesAt"],
      ...["requiresShipping", "maxPerOrder", "maxPerCustomer", "initialStock"],
    ],
    together: [["opensAt", "closesAt"]],
    judge: judgeVariant,
  },
  stock: {
    required: ["sku", "onHand"],
    // Of those of an export that say how it was, only the first is looked at.
    optional: ["onHandWas", "reserved", "available", "lowStockThreshold"],
    together: [],
    judge: judgeLevel,
  },
};
