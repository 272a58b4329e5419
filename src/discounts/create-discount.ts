import { audit } from "../platform/audit-log/store.ts";
import type { Context } from "../platform/context.ts";
import { refusedBy } from "../platform/db.ts";
import { AppError, invalidField } from "../platform/errors.ts";
import type { Effect } from "../platform/idempotency/perform.ts";
import { newId } from "../platform/ids.ts";
import { type Discount, type NewDiscount, presentDiscount } from "./discount.ts";
import { refusedDiscount, toPatch } from "./discount-limits.ts";
import { insertDiscount, insertDiscountProducts } from "./store.ts";

/** Makes a code. Throws `CONFLICT` when it is taken, `VALIDATION_FAILED` when its window is none. */
export function createDiscount(ctx: Context, input: NewDiscount): Effect<Discount> {
  const now = ctx.now();
  // Whoever knows the code may use it, and more people read the audit log than discounts.
  const { code, ...said } = input;
  const { kind, percentOff, amountOff, products, minimum, ...limits } = said;
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
    minimum: minimum?.amount ?? null,
    minimumCurrency: minimum?.currency ?? null,
    ...toPatch(limits),
    createdAt: now,
    updatedAt: now,
  };
  return {
    statements: [
      insertDiscount(row),
      ...(products ? [insertDiscountProducts(row.id, products)] : []),
      audit(ctx, "discount.created", row.id, said),
    ],
    result: presentDiscount({
      ...row,
      ...{ uses: 0, version: 1 },
      products: products ? JSON.stringify(products.toSorted()) : null,
    }),
    explain: (error) => explain(error, code),
  };
}

function explain(error: unknown, code: string): AppError | undefined {
  if (refusedBy(error, "discounts.code")) {
    return new AppError("CONFLICT", `There is already a discount with the code ${code}.`, {
      fields: { code: "Is taken." },
    });
  }
  if (refusedBy(error, "FOREIGN KEY"))
    return invalidField("products", "Has a product that is not there.");
  return refusedDiscount(error);
}
