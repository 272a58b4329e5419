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
    // What an export says of what customers have reserved, and of what is left, is not looked at.
    optional: ["onHandWas", "lowStockThreshold", "reserved", "available"],
    together: [],
    judge: judgeLevel,
  },
};
