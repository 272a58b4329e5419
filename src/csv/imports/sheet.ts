import type { ImportKind } from "../job.ts";
import { judgeLevel } from "./judge-level.ts";
import { judgeVariant } from "./judge-variant.ts";

/** A line that is fine by itself, as it is kept until all of them are. */
export interface StagedRow {
  readonly line: number;
  readonly slug: string;
  readonly sku: string;
  readonly data: object;
}

export interface Problem {
  readonly column: string;
  readonly message: string;
}

/** The cells of a line by their columns; one that is not in the file is undefined. */
export type Cells = Readonly<Record<string, string | undefined>>;

export type Judged =
  | { readonly row: Omit<StagedRow, "line"> }
  | { readonly problems: readonly Problem[] };

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
