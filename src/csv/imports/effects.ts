import { explainCatalog } from "../../catalog/index.ts";
import type { AuditAction } from "../../platform/audit-log/actions.ts";
import { refusedBy, type Statement } from "../../platform/db.ts";
import type { ImportKind } from "../job.ts";
import type { JobRow } from "../store.ts";
import { applyLevels, levelOutcomes, levelProblems } from "./levels/store.ts";
import { variantProblems } from "./variants/problems/store.ts";
import { applyVariants, variantOutcomes } from "./variants/store.ts";

/** What an import does, as statements over its lines. */
interface ImportEffect {
  readonly problems: typeof levelProblems;
  readonly outcomes: typeof levelOutcomes;
  readonly statements: (job: JobRow, now: number) => readonly Statement[];
  readonly action: AuditAction;
  /** What to say where one of the database's own guards has refused it. */
  readonly explain: (error: unknown) => string | undefined;
  readonly next: JobRow["phase"];
}

export const EFFECTS: Readonly<Record<ImportKind, ImportEffect>> = {
  products: {
    problems: variantProblems,
    outcomes: variantOutcomes,
    statements: applyVariants,
    action: "products.imported",
    explain: (error) => explainCatalog(error, {})?.message,
    next: "indexing",
  },
  stock: {
    problems: levelProblems,
    outcomes: levelOutcomes,
    statements: applyLevels,
    action: "stock.imported",
    explain: (error) =>
      refusedBy(error, "stock_not_oversold")
        ? "Less would be on hand than customers have reserved."
        : undefined,
    next: "cleaning",
  },
};
