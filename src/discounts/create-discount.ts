import { audit } from "../platform/audit-log/store.ts";
import type { Context } from "../platform/context.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError } from "../platform/errors.ts";
import type { Effect } from "../platform/idempotency/perform.ts";
import { newId } from "../platform/ids.ts";
import { type Discount, type NewDiscount, presentDiscount } from "./discount.ts";
import { refusedDiscount, toPatch } from "./discount-limits.ts";
import { insertDiscount } from "./store.ts";

/** Makes a code. Throws `CONFLICT` when it is taken, `VALIDATION_FAILED` when its window is none. */
export function createDiscount(ctx: Context, input: NewDiscount): Effect<Discount> {
  const now = ctx.now();
  // Whoever knows the code may use it, and more people read the audit log than discounts.
  const { code, ...said } = input;
  const { kind, percentOff, amountOff, ...limits } = said;
  const row = {
    id: newId("dsc", now),
    code,
    kind,
    percent: percentOff ?? null,
    amount: amountOff?.amount ?? null,
    currency: amountOff?.currency ?? null,
    active: 1,
    startsAt: null,
    endsAt: null,
    maxUses: null,
    maxUsesPerCustomer: null,
    ...toPatch(limits),
    createdAt: now,
    updatedAt: now,
  };
  return {
    statements: [insertDiscount(row), audit(ctx, "discount.created", row.id, said)],
    result: presentDiscount({ ...row, uses: 0, version: 1 }),
    explain: (error) =>
      refusedBy(error, "discounts.code")
        ? new AppError("CONFLICT", `There is already a discount with the code ${code}.`, {
            fields: { code: "Is taken." },
          })
        : refusedDiscount(error),
  };
}
