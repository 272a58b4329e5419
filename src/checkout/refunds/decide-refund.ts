import {
  checkItems,
  type RefundLine,
  type StoredOrder,
  type Units,
  unitsOf,
} from "../../orders/index.ts";
import { AppError, invalidField } from "../../platform/errors.ts";
import { chargeStep, type Money, stepProblem } from "../../platform/money.ts";
import type { NewRefund } from "./new-refund.ts";
import type { Refundable } from "./refundable.ts";

/**
 * How much goes back: the amount that was asked for, the items' share of what was paid for the goods, or all that is
 * left. Pure. Throws `VALIDATION_FAILED` for items that are not there, `BUSINESS_RULE_VIOLATION` for more than is left.
 */
export function decideRefund(
  order: StoredOrder,
  { left }: Refundable,
  { amount: asked, items = [] }: NewRefund,
): Money {
  const units = unitsOf(order);
  checkItems(units, items, tooMany);
  const { currency } = left;
  if (asked !== undefined) return decideAmount(asked, left);
  if (left.amount === 0) throw tooMuch(left);
  if (items.length === 0) return left;
  const share = shareOf(order, units, items);
  if (share === 0)
    throw new AppError(
      "BUSINESS_RULE_VIOLATION",
      "Nothing was paid for these items. Say how much is to go back.",
      { details: { refundable: left } },
    );
  return { amount: Math.min(share, left.amount), currency };
}

function decideAmount(asked: number | Money, left: Money): Money {
  const money = typeof asked === "number" ? { amount: asked, currency: left.currency } : asked;
  if (money.currency !== left.currency)
    throw invalidField("amount.currency", `The order was paid in ${left.currency}.`);
  if (money.amount > left.amount) throw tooMuch(left);
  const problem = stepProblem(money);
  if (problem === undefined) return money;
  throw invalidField(typeof asked === "number" ? "amount" : "amount.amount", problem);
}

function tooMany({ bought, refunded, restocked }: Units, { quantity, restock }: RefundLine) {
  if (quantity > bought - refunded)
    return ["quantity", `Only ${bought - refunded} of ${bought} are left to refund.`] as const;
  if (restock && quantity > bought - restocked)
    return [
      "restock",
      `Only ${bought - restocked} of ${bought} are not back on the shelf yet.`,
    ] as const;
  return undefined;
}

/**
 * What was paid for these units, discount and taxes counted: their part of what was paid for the goods. Counted from
 * the order's first unit on, so that however they are refunded, all units together give exactly that.
 */
function shareOf(
  order: StoredOrder,
  units: readonly Units[],
  items: readonly RefundLine[],
): number {
  const worth = (quantity: (unit: Units) => number) =>
    units.reduce((sum, unit) => sum + unit.unitAmount * quantity(unit), 0);
  const before = worth(({ refunded }) => refunded);
  const now = worth(({ sku }) => items.find((item) => item.sku === sku)?.quantity ?? 0);
  const goods = paidForGoods(order);
  const paidFor = (value: number) => partOf(goods, { value, of: order.subtotal }, order.currency);
  return paidFor(before + now) - paidFor(before);
}

/** The total without the delivery and the tax on top of it. Tax that is in the prices is in the delivery's as well. */
function paidForGoods(order: StoredOrder): number {
  const { shipping, tax, total, currency } = order;
  if (shipping === 0) return total;
  const onShipping = roundToStep(order.shippingTax ?? shippingTaxOf(order), currency);
  return total - shipping - Math.min(onShipping, tax);
}

/** Of an order that does not say: the delivery's part of all that is taxed, as if one rate were for everything. */
function shippingTaxOf({ subtotal, discount, shipping, tax, currency }: StoredOrder): number {
  return partOf(tax, { value: shipping, of: subtotal - discount + shipping }, currency);
}

function roundToStep(amount: number, currency: string): number {
  const step = chargeStep(currency);
  return Math.round(amount / step) * step;
}

interface Part {
  readonly value: number;
  readonly of: number;
}

/** `amount × value / of`, rounded to what can be paid; in big integers, because the product can pass 2^53. */
function partOf(amount: number, { value, of }: Part, currency: string): number {
  if (value === of) return amount;
  const step = chargeStep(currency);
  const whole = BigInt(of) * BigInt(step);
  const doubled = 2n * BigInt(amount) * BigInt(value) + whole;
  return Number(doubled / (2n * whole)) * step;
}

/** `left` is what can still go back. */
export function tooMuch(left: Money): AppError {
  const message =
    left.amount === 0
      ? "All of this order's money is back, or on its way back."
      : "That is more than is left of what was paid.";
  return new AppError("BUSINESS_RULE_VIOLATION", message, { details: { refundable: left } });
}
