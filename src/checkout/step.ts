import type { Statement } from "../platform/db.ts";
import { wakePromises } from "../platform/outbox/store.ts";
import type { CheckoutContext } from "./context.ts";

/** Statements that belong into one batch, and the promises among them, to wake once it is written. */
export interface Step {
  readonly statements: readonly Statement[];
  readonly promised: readonly string[];
}

export const NOTHING: Step = { statements: [], promised: [] };

interface Promised {
  readonly id: string;
  readonly statement: Statement;
}

/** A promise by itself; undefined where there is nobody to tell. */
export function promisedStep(told: Promised | undefined): Step {
  return told === undefined ? NOTHING : { statements: [told.statement], promised: [told.id] };
}

/** One step after the other, in one batch. */
export function joinSteps(...steps: readonly Step[]): Step {
  return {
    statements: steps.flatMap(({ statements }) => statements),
    promised: steps.flatMap(({ promised }) => promised),
  };
}

/** Writes a step, with `settle` in the same batch, and wakes what it has promised. */
export async function writeStep(
  ctx: CheckoutContext,
  step: Step,
  settle: readonly Statement[] = [],
): Promise<void> {
  const statements = [...step.statements, ...settle];
  if (statements.length === 0) return;
  await ctx.db.batch(statements);
  wakePromises(ctx, step.promised);
}
