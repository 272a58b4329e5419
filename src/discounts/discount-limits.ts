import { refusedBy } from "../platform/db.ts";
import { AppError, invalidField } from "../platform/errors.ts";
import type { DiscountChanges } from "./discount.ts";
import type { DiscountPatch } from "./store.ts";

/** What is said of a discount's window and limits, as the database keeps it; what is not said stays. */
export function toPatch(changes: DiscountChanges): DiscountPatch {
  const { active, startsAt, endsAt, maxUses, maxUsesPerCustomer } = changes;
  return {
    ...(active === undefined ? {} : { active: active ? 1 : 0 }),
    ...(startsAt === undefined ? {} : { startsAt: toMs(startsAt) }),
    ...(endsAt === undefined ? {} : { endsAt: toMs(endsAt) }),
    ...(maxUses === undefined ? {} : { maxUses }),
    ...(maxUsesPerCustomer === undefined ? {} : { maxUsesPerCustomer }),
  };
}

const toMs = (timestamp: string | null) => (timestamp === null ? null : Date.parse(timestamp));

/** Why the database refuses a discount as such; undefined when it was something else. */
export function refusedDiscount(error: unknown): AppError | undefined {
  if (refusedBy(error, "discounts_window"))
    return invalidField("endsAt", "Must be after startsAt.");
  if (refusedBy(error, "discounts_used_up")) {
    return new AppError("BUSINESS_RULE_VIOLATION", "The code has been used more often already.", {
      fields: { maxUses: "Must not be less than how often the code is used by now." },
    });
  }
  return undefined;
}
