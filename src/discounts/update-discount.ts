import { auditIfChanged } from "../platform/audit-log/store.ts";
import type { Context } from "../platform/context.ts";
import { AppError, notFound } from "../platform/errors.ts";
import { tagsOf } from "../platform/http/if-match.ts";
import { type DiscountChanges, presentDiscount } from "./discount.ts";
import { refusedDiscount, toPatch } from "./discount-limits.ts";
import { type Tagged, tagOf } from "./get-discount.ts";
import { findDiscount, updateDiscount as writeDiscount } from "./store.ts";

interface Input {
  readonly id: string;
  readonly changes: DiscountChanges;
  /** `If-Match`: what the caller has seen. */
  readonly ifMatch: string | undefined;
}

/**
 * Changes a discount's window, limits or whether it is good at all; what it takes off stays, for orders are made with it.
 * Throws `NOT_FOUND`, `PRECONDITION_FAILED`, `VALIDATION_FAILED`, `BUSINESS_RULE_VIOLATION` for a limit below its uses.
 */
export async function updateDiscount(ctx: Context, input: Input): Promise<Tagged> {
  const { id, changes } = input;
  const seen = tagsOf(input.ifMatch);
  const [changed, , [row]] = await ctx.db
    .batch([
      writeDiscount(id, toPatch(changes), { seen, now: ctx.now() }),
      auditIfChanged(ctx, "discount.updated", id, changes),
      findDiscount(id),
    ])
    .catch((error: unknown) => {
      throw refusedDiscount(error) ?? error;
    });
  if (row === undefined) throw notFound("discount");
  if (changed.length === 0) {
    throw new AppError(
      "PRECONDITION_FAILED",
      "The discount has changed since you read it. Read it again.",
    );
  }
  return { discount: presentDiscount(row), tag: tagOf(row) };
}
