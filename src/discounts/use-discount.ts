import { accountOf } from "../platform/access.ts";
import type { Constraint } from "../platform/constraints.ts";
import type { Context } from "../platform/context.ts";
import { byRefusal, refusedBy, type Statement } from "../platform/db.ts";
import { AppError, type ErrorCode } from "../platform/errors.ts";
import { formatMoney } from "../platform/money.ts";
import { discountOrder, findMinimum, insertDiscountUse } from "./store.ts";

/** The statements that take a code's worth off an order, right after the order's own. The database judges the code. */
export function useDiscount(
  ctx: Context,
  order: { readonly id: string; readonly email: string | null },
  code: string,
): Statement[] {
  const use = {
    orderId: order.id,
    code,
    accountId: accountOf(ctx),
    email: order.email,
    userId: ctx.actor.user?.id ?? null,
    now: ctx.now(),
  };
  return [insertDiscountUse(use), discountOrder(order.id, code)];
}

/** The database's word for a code that is no good → what the client is told, at the field. */
const REFUSALS: Readonly<Partial<Record<Constraint, readonly [ErrorCode, string]>>> = {
  discount_unknown: ["VALIDATION_FAILED", "There is no such discount code."],
  discount_not_started: ["BUSINESS_RULE_VIOLATION", "This code is not good yet."],
  discount_ended: ["BUSINESS_RULE_VIOLATION", "This code is no longer good."],
  discount_currency: ["BUSINESS_RULE_VIOLATION", "This code is for another currency."],
  discount_other_goods: ["BUSINESS_RULE_VIOLATION", "This code is for other products."],
  discounts_used_up: ["BUSINESS_RULE_VIOLATION", "This code has been used up."],
  discount_used_by_customer: [
    "BUSINESS_RULE_VIOLATION",
    "You have used this code as often as it may be used.",
  ],
  discount_needs_customer: [
    "BUSINESS_RULE_VIOLATION",
    "This code needs to know who you are. Send an email address, or sign in.",
  ],
};

/** Why a code was refused; undefined when it was something else. */
export async function explainRefusedDiscount(
  ctx: Context,
  error: unknown,
  code: string,
): Promise<AppError | undefined> {
  const refusal = refusedBy(error, "discount_below_minimum")
    ? (["BUSINESS_RULE_VIOLATION", await sentenceOfMinimum(ctx, code)] as const)
    : byRefusal(error, REFUSALS);
  if (refusal === undefined) return undefined;
  const [kind, sentence] = refusal;
  const message = kind === "VALIDATION_FAILED" ? "Some fields are not right." : sentence;
  return new AppError(kind, message, { fields: { discountCode: sentence } });
}

async function sentenceOfMinimum(ctx: Context, code: string): Promise<string> {
  const [minimum] = await ctx.db.run(findMinimum(code));
  const { amount = null, currency = null } = minimum ?? {};
  if (amount === null || currency === null) return "This code is good for larger orders.";
  return `This code is good for goods of ${formatMoney({ amount, currency })} or more.`;
}
